"""번역문이 참조 번역과 겹치는 정도를 매기는 점수, BLEU.

smooth="exp"는 Chen & Cherry (2014)의 방법 3이다.

출처: Papineni, Roukos, Ward & Zhu (2002), Post (2018)
"""

import math
from collections import Counter

import numpy as np


def corpus_bleu(hypotheses, references, max_order=4, smooth="exp"):
    """말뭉치 BLEU: 0과 100 사이의 값.

    hypotheses  번역문 S개.
    references  참조 S개를 묶은 것의 리스트: [[참조 S개], …].
    max_order   가장 긴 n-그램의 길이.
    smooth      "exp"이면 맞은 n-그램이 없는 길이마다 차례로
                1/2, 1/4, …개가 맞았다고 본다. "none"이면 0개다.

    문장을 다듬거나 형태소로 나누지 않는다. 문자열은 빈칸에서만
    나누므로 문장 부호는 앞말에 붙는다. 토큰의 리스트를 주면 그
    토큰으로 센다. 토큰이 다르면 값도 다르니, 무엇을 토큰으로
    삼았는지 함께 밝힌다. sacrebleu의 tokenize="none"과 같다.

    맞은 토큰이 하나도 없거나, 토큰이 max_order개 이상인 번역문이
    하나도 없으면 0이다. 문장의 수가 다르거나 참조가 비었으면
    ValueError, 문장의 리스트가 아니면 TypeError.
    """
    hypotheses, references = _sentences(hypotheses, references)
    if not isinstance(max_order, int) or max_order < 1 or smooth not in ("exp", "none"):
        raise ValueError(
            'max_order는 1 이상의 정수, smooth는 "exp"나 "none"입니다: '
            f"받은 값 {max_order!r}, {smooth!r}"
        )
    right, total = np.zeros((2, max_order))
    length = target = 0
    for ours, *theirs in zip(hypotheses, *references, strict=True):
        length += len(ours)
        sizes = sorted(map(len, theirs))
        target += min(sizes, key=lambda size: abs(size - len(ours)))
        for n in range(max_order):
            grams, allowed = _ngrams(ours, n + 1), Counter()
            for reference in theirs:
                allowed |= _ngrams(reference, n + 1)
            right[n] += (grams & allowed).total()
            total[n] += grams.total()
    missing = right == 0
    if smooth == "exp" and not missing.all():
        right = np.where(missing, 0.5 ** missing.cumsum(), right)
    if not (right.all() and total.all()):
        return 0.0
    penalty = min(0, 1 - target / length)  # 참조보다 짧으면 깎는다
    return 100 * math.exp(penalty + np.log(right / total).mean())


def _sentences(hypotheses, references):
    """번역문과 참조를 토큰의 리스트로 바꾼다."""
    if not (np.iterable(hypotheses) and np.iterable(references)):
        kinds = f"{type(hypotheses).__name__}, {type(references).__name__}"
        raise TypeError(f"번역문과 참조는 리스트여야 합니다: 받은 자료형 {kinds}")
    parts = [hypotheses, *references]
    if any(isinstance(part, str) for part in [*parts, references]):
        kinds = ", ".join(sorted({type(part).__name__ for part in parts[1:]}))
        raise TypeError(
            "번역문은 문장의 리스트, 참조는 그런 리스트의 리스트여야 합니다: 받은 자료형 "
            f"{type(hypotheses).__name__}, {type(references).__name__}[{kinds}]"
        )
    sizes = [len(part) for part in parts]
    if len(sizes) < 2 or len(set(sizes)) > 1 or not sizes[0]:
        raise ValueError(
            "번역문과 참조의 문장 수가 같고 하나 이상이어야 합니다: "
            f"번역문 {sizes[0]}개, 참조 {sizes[1:]}개"
        )
    kinds = {type(sentence) for part in parts for sentence in part}
    if len({issubclass(kind, str) for kind in kinds}) > 1:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(
            f"문장은 모두 문자열이거나 모두 토큰의 리스트여야 합니다: 받은 자료형 {names}"
        )
    hypotheses, *references = ([_words(sentence) for sentence in part] for part in parts)
    if not all(map(all, references)):
        raise ValueError("참조 문장이 비었습니다: 토큰이 하나 이상이어야 합니다")
    return hypotheses, references


def _words(sentence):
    return sentence.split() if isinstance(sentence, str) else list(sentence)


def _ngrams(words, n):
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))
