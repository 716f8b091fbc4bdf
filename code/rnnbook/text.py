"""글을 토큰으로, 토큰을 번호로 바꾸고 되돌린다.

토크나이저는 글을 토큰의 리스트로 자르고(`split`) 다시 붙인다(`join`). 어휘 `Vocab`은 토큰에
번호를 매긴다. 둘을 이으면 글을 번호로, 번호를 글로 바꿀 수 있다.

    tokenizer = SyllableTokenizer()
    vocab = Vocab(tokenizer.split(text))
    ids = vocab.encode(tokenizer.split("작은 이야기"))
    tokenizer.join(vocab.decode(ids))          # "작은 이야기"
"""

import re
import unicodedata
from collections import Counter
from operator import index

from rnnbook.arguments import check_saved, check_text, check_tokens

UNK = "<unk>"


def _join(tokens, between=""):
    """토큰을 잇는다. 이을 수 없으면 어느 토큰 때문인지 알린다."""
    try:
        return between.join(tokens)
    except TypeError:
        check_tokens(tokens)
        raise


class SyllableTokenizer:
    """글자 하나를 토큰 하나로 보는 토크나이저. 한글은 음절 단위가 된다.

    자모가 풀린 글(NFD)은 음절로 모은 뒤(NFC) 자른다. 맥에서 만든 파일 이름이 그런 글이다.
    글이 비었으면 ValueError, 문자열이 아니면 TypeError.
    """

    def split(self, text):
        """글(str) -> 토큰(list[str])."""
        return list(check_text(text))

    def join(self, tokens):
        """토큰을 다시 글로 붙인다. 문자열이 아닌 토큰이 있으면 TypeError."""
        return _join(tokens)


class JamoTokenizer:
    """한글 음절을 첫소리·가운뎃소리·끝소리로 푸는 토크나이저.

    첫소리 ᄀ(U+1100)과 끝소리 ᆨ(U+11A8)은 서로 다른 토큰이다. 그래서 '각'과 '가ㄱ'이
    구별되고, 현대 한글 11,172음절을 모두 되돌릴 수 있다. 한글이 아닌 글자는 그대로 둔다.
    글이 비었으면 ValueError, 문자열이 아니면 TypeError.
    """

    def split(self, text):
        """글(str) -> 토큰(list[str]). '한' -> ['ᄒ', 'ᅡ', 'ᆫ']."""
        pieces = []
        for letter in check_text(text):
            if "가" <= letter <= "힣":
                pieces.extend(unicodedata.normalize("NFD", letter))
            else:
                pieces.append(letter)
        return pieces

    def join(self, tokens):
        """자모를 음절로 모아 글로 붙인다. 짝이 없는 자모는 그대로 남는다."""
        return unicodedata.normalize("NFC", _join(tokens))


class WordTokenizer:
    """빈칸으로 나뉜 어절을 토큰으로 보는 토크나이저. 줄바꿈도 토큰 하나다.

    어절 사이의 빈칸 여러 개는 하나로 줄인다. 빈칸뿐인 글에는 토큰이 없다.
    글이 비었으면 ValueError, 문자열이 아니면 TypeError.
    """

    def split(self, text):
        """글(str) -> 토큰(list[str]). '나는 간다.' -> ['나는', '간다.']."""
        return re.findall(r"\n|[^\s]+", check_text(text))

    def join(self, tokens):
        """어절 사이에 빈칸을 넣어 글로 붙인다."""
        return re.sub(r" ?\n ?", "\n", _join(tokens, " "))


class Vocab:
    """토큰에 번호를 매긴 어휘. 자주 나오는 토큰일수록 번호가 작다.

    tokens    글을 자른 토큰의 리스트. 글자 하나가 토큰이면 문자열을 그대로 주어도 된다.
    min_count 이보다 적게 나온 토큰은 어휘에 넣지 않는다.
    unk       모르는 토큰을 대신할 이름으로, 번호는 0이다. None이면 모르는 토큰은 오류가 된다.

    나온 횟수가 같으면 코드 값 순서를 따르므로 글이 같으면 어휘도 같다.
    토큰이 없거나 어휘가 비면 ValueError, 토큰이 문자열이 아니면 TypeError.
    """

    def __init__(self, tokens, *, min_count=1, unk=UNK):
        try:
            counts = Counter(tokens)
        except TypeError:  # 수 하나나 리스트의 리스트
            check_tokens(tokens)
            raise
        check_tokens(counts)
        if not counts:
            raise ValueError("어휘를 만들 토큰이 없습니다: 하나 이상이어야 합니다")
        kept = [t for t, n in counts.items() if n >= min_count and t != unk]
        if not kept and unk is None:
            raise ValueError(f"min_count번 이상 나온 토큰이 있어야 합니다: 받은 값 {min_count}, "
                             f"가장 많이 나온 횟수 {max(counts.values())}")
        kept.sort(key=lambda t: (-counts[t], t))
        self._set(kept if unk is None else [unk, *kept], unk)

    def _set(self, tokens, unk):
        self.tokens, self.unk = tokens, unk
        self._index = {token: i for i, token in enumerate(tokens)}

    def __len__(self):
        return len(self.tokens)

    def __contains__(self, token):
        return token in self._index

    def __repr__(self):
        return f"Vocab(토큰 {len(self)}개, unk={self.unk!r})"

    def encode(self, tokens):
        """토큰 -> 번호(list[int]). 모르는 토큰은 <unk>의 번호가 되고, <unk>가 없으면 ValueError.

        토큰의 리스트나 문자열이 아니면 TypeError.
        """
        if not isinstance(tokens, (str, list, tuple)):
            raise TypeError(
                f"토큰은 리스트나 문자열이어야 합니다: 받은 자료형 {type(tokens).__name__}"
            )
        try:
            if self.unk is not None:
                return [self._index.get(token, 0) for token in tokens]
            return [self._index[token] for token in tokens]
        except TypeError:  # 리스트의 리스트처럼 사전의 키가 될 수 없는 것
            check_tokens(tokens)
            raise
        except KeyError as error:
            raise ValueError(
                f"어휘에 없는 토큰입니다: {error.args[0]!r} "
                f"(토큰 {len(self)}개인 어휘이고 {UNK}를 두지 않았습니다)"
            ) from None

    def decode(self, ids):
        """번호 -> 토큰(list[str]). 글로 붙이려면 토크나이저의 `join`을 쓴다.

        어휘에 없는 번호이면 ValueError, 번호가 정수가 아니면 TypeError.
        """
        try:
            ids = [index(i) for i in ids]
        except TypeError:
            raise TypeError(f"번호는 정수의 리스트여야 합니다: 받은 것 {ids!r}") from None
        for i in ids:
            if not 0 <= i < len(self):
                raise ValueError(f"번호는 0 이상 {len(self)} 미만이어야 합니다: 받은 번호 {i}")
        return [self.tokens[i] for i in ids]

    def to_dict(self):
        """JSON으로 저장할 수 있는 dict. `Vocab.from_dict`로 되돌린다."""
        return {"tokens": list(self.tokens), "unk": self.unk}

    @classmethod
    def from_dict(cls, saved):
        """`to_dict`가 만든 dict를 어휘로 되돌린다.

        빠진 것이 있거나, 토큰이 겹치거나, unk가 맨 앞이 아니면 ValueError.
        """
        check_saved(saved, "tokens", "unk")
        tokens, unk = list(saved["tokens"]), saved["unk"]
        kinds = len(set(tokens))
        if kinds != len(tokens) or (unk is not None and tokens[:1] != [unk]):
            raise ValueError(
                "토큰은 서로 달라야 하고 unk가 맨 앞이어야 합니다: "
                f"토큰 {len(tokens)}개 가운데 {kinds}가지, 맨 앞 {tokens[:1]}, unk {unk!r}"
            )
        vocab = cls.__new__(cls)
        vocab._set(tokens, unk)
        return vocab
