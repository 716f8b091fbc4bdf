"""자주 나란히 나오는 조각을 이어 붙이는 토크나이저(BPE).

    tokenizer = BPETokenizer().fit(text, vocab_size=4000)
    tokenizer.split("여우가 웃었다.")
    vocab = Vocab(tokenizer.tokens)

출처: Sennrich, Haddow & Birch (2016), 3.2절
"""

import heapq
import re
from collections import Counter, defaultdict
from itertools import pairwise

from rnnbook.arguments import check_choice, check_counts, check_saved
from rnnbook.text import JamoTokenizer, SyllableTokenizer
from rnnbook.utf8 import ByteTokenizer

UNITS = {
    "syllable": SyllableTokenizer,
    "jamo": JamoTokenizer,
    "byte": ByteTokenizer,
}


class BPETokenizer:
    """가장 잦은 쌍부터 이어 붙이는 토크나이저.

    unit은 처음에 글을 자르는 단위다. "syllable"은 음절,
    "jamo"는 자모, "byte"는 바이트다. 어절은 앞의 빈칸까지 한
    덩어리로 보고, 조각은 어절의 경계를 넘지 않는다. `fit`을
    부르기 전에는 글을 단위로 자르기만 한다. 모르는 unit이면 ValueError.

    tokens  아는 토큰의 리스트: 단위, 그다음에 배운 조각
    ranks   {이어 붙일 쌍: 순서}
    """

    def __init__(self, unit="syllable"):
        check_choice(UNITS, unit=unit)
        self.unit, self.base = unit, UNITS[unit]()
        self.tokens, self.ranks = [], {}

    def fit(self, text, vocab_size):
        """글에서 조각을 배우고 자기 자신을 돌려준다.

        토큰이 vocab_size가지가 되거나 두 번 이상 나온 쌍이 없으면
        멈춘다. 겹친 쌍도 따로 센다: 'aaa'에는 'aa'가 둘이다.
        vocab_size가 단위의 수보다 작으면 ValueError, 정수가
        아니면 TypeError.
        """
        check_counts(vocab_size=vocab_size)
        words = Counter(self._words(text))
        units = set().union(*words)
        if self.unit == "byte":  # 글에 없는 바이트도 모두 안다
            units = map(chr, range(256))
        tokens, ranks = sorted(units), {}
        if vocab_size < len(tokens):
            raise ValueError(
                f"vocab_size는 {len(tokens)} 이상이어야 합니다: "
                f"받은 값 {vocab_size}"
            )
        for pair in frequent_pairs(words):
            if len(tokens) >= vocab_size:
                break
            ranks[pair] = len(ranks)
            tokens.append("".join(pair))
        self.tokens, self.ranks = tokens, ranks
        return self

    def split(self, text):
        """글(str) -> 토큰(list[str]). 모르는 글자는 그대로 둔다."""
        words = self._words(text)
        pieces = {word: self._pieces(word) for word in set(words)}
        return [piece for word in words for piece in pieces[word]]

    def join(self, tokens):
        """토큰을 다시 글로 붙인다."""
        return self.base.join(tokens)

    def _words(self, text):
        """단위로 푼 글을 어절과 남은 빈칸, 줄바꿈으로 나눈다."""
        units = "".join(self.base.split(text))
        return re.findall(r" ?[^ \n]+|[ \n]", units)

    def _pieces(self, word):
        """어절 하나에서 먼저 배운 쌍부터 이어 붙인다."""
        pieces = list(word)
        while known := set(pairwise(pieces)) & self.ranks.keys():
            pieces = merge(pieces, min(known, key=self.ranks.get))
        return pieces

    def to_dict(self):
        """JSON으로 저장할 수 있는 dict. `from_dict`로 되돌린다."""
        merges = [list(pair) for pair in self.ranks]
        saved = {"unit": self.unit, "merges": merges}
        return saved | {"tokens": list(self.tokens)}

    @classmethod
    def from_dict(cls, saved):
        """`to_dict`가 만든 dict를 토크나이저로 되돌린다.

        빠진 것이 있거나, 토큰이나 쌍이 겹치거나, 이을 수 없는 쌍이
        있으면 ValueError.
        """
        check_saved(saved, "unit", "merges", "tokens")
        tokenizer = cls(saved["unit"])
        tokens, merges = list(saved["tokens"]), saved["merges"]
        known = set(tokens)
        ranks = {(a, b): rank for rank, (a, b) in enumerate(merges)}
        if (len(known), len(ranks)) != (len(tokens), len(merges)):
            raise ValueError(
                "같은 토큰이나 같은 쌍이 두 번 있으면 안 됩니다: "
                f"토큰 {len(tokens)}개 가운데 {len(known)}가지, "
                f"쌍 {len(merges)}개 가운데 {len(ranks)}가지"
            )
        for a, b in ranks:
            if not {a, b, a + b} <= known:
                raise ValueError(
                    "쌍의 두 조각과 둘을 이은 것이 모두 tokens에 "
                    f"있어야 합니다: 받은 쌍 {a!r}, {b!r}"
                )
        tokenizer.tokens, tokenizer.ranks = tokens, ranks
        return tokenizer


def frequent_pairs(words):
    """가장 잦은 쌍을 내고 이어 붙이기를 되풀이한다.

    words는 {어절: 나온 횟수}다. 횟수가 같으면 코드 값이 작은 쌍이
    먼저이므로 글이 같으면 순서도 같다. 한 번 나온 쌍은 내지 않는다.
    """
    words = [(list(word), times) for word, times in words.items()]
    counts, places = Counter(), defaultdict(set)
    for i, (pieces, times) in enumerate(words):
        for pair in pairwise(pieces):
            counts[pair] += times
            places[pair].add(i)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(heap)
    while heap:
        count, best = heapq.heappop(heap)
        if -count != counts[best]:  # 횟수가 바뀌기 전의 기록
            continue
        if -count < 2:
            return
        yield best
        change = Counter()
        for i in places.pop(best):
            pieces, times = words[i]
            merged = merge(pieces, best)
            words[i] = merged, times
            for pair in pairwise(pieces):
                change[pair] -= times
            for pair in pairwise(merged):
                change[pair] += times
                places[pair].add(i)
        counts.update(change)
        for pair in change:
            heapq.heappush(heap, (-counts[pair], pair))


def merge(pieces, pair):
    """조각의 리스트에서 나란히 나온 pair를 모두 이어 붙인다."""
    merged, i = [], 0
    while i < len(pieces):
        width = 2 if (*pieces[i : i + 2],) == pair else 1
        merged.append("".join(pieces[i : i + width]))
        i += width
    return merged
