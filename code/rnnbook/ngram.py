"""n-그램 언어 모형: 신경망이 넘어야 할 기준선.

출처: Chen & Goodman (1999)
"""

import itertools

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.language_models import check_ids
from rnnbook.smoothing import Counts, JelinekMercer, ModifiedKneserNey


class NGram:
    """앞 order-1개 토큰으로 다음 토큰을 예측하는 모형.

    smoothing은 `rnnbook.smoothing`의 방법 가운데 하나이고, 주지 않으면 ModifiedKneserNey()이다.
    order와 vocab_size가 1보다 작으면 ValueError, 정수가 아니면 TypeError.
    """

    def __init__(self, order, vocab_size, smoothing=None):
        check_counts(order=order, vocab_size=vocab_size)
        self.order, self.vocab_size, self._keys = order, vocab_size, []
        self.smoothing = smoothing or ModifiedKneserNey()

    def fit(self, ids):
        """토큰 번호 ids에서 횟수를 센다. 자기 자신을 돌려준다.

        비었거나 번호가 범위를 벗어나면 ValueError, 1차원 정수 배열이 아니면 TypeError.
        """
        words = self._pad(ids)
        history, grams, firsts = np.zeros(len(words), dtype=np.intp), [], []
        self._keys = []
        for _ in range(self.order):
            keys, first, gram = np.unique(
                self._key(history, words), return_index=True, return_inverse=True
            )
            self._keys.append(keys)
            firsts.append(first)
            grams.append((history, gram))
            history = np.concatenate([gram[:1], gram[:-1]])

        self._found, self._left = [], []
        histories = [1] + [len(keys) for keys in self._keys[:-1]]
        for k, (history, gram) in enumerate(grams, start=1):
            # 나온 횟수를 센다. Kneser–Ney는 짧은 n-그램 앞에 온 서로 다른 토큰의 수를 센다.
            distinct = self.smoothing.continuation and k < self.order
            seen = firsts[k] if distinct else np.arange(len(words))
            seen = seen[words[seen] < self.vocab_size]
            count = np.bincount(gram[seen], minlength=len(firsts[k - 1]))
            total = np.bincount(history[seen], minlength=histories[k - 1])
            found, left = self.smoothing.share(
                Counts(k, k == self.order, self.vocab_size, count, history[firsts[k - 1]], total)
            )
            self._found.append(np.append(found, 0.0))  # 번호가 -1인 것, 곧 못 본 n-그램의 몫
            self._left.append(np.append(left, 1.0))
        return self

    def probabilities(self, context):
        """문맥(토큰 번호들) 다음에 올 토큰의 확률 (V,). 더하면 1이다.

        문맥이 order-1개보다 짧으면 글의 첫머리로 본다.
        fit보다 먼저 부르면 RuntimeError, 번호가 범위를 벗어나면 ValueError.
        """
        words = self._pad(context, empty=True)[-self.order :]
        shorter = itertools.islice(self._grams(words), self.order - 1)
        last = [0, *(gram[-1] for _, gram in shorter)]
        candidates = np.arange(self.vocab_size)
        return self._mix(
            (np.full(self.vocab_size, h), self._find(k, h, candidates)) for k, h in enumerate(last)
        )

    def loss(self, ids):
        """글 하나를 앞에서부터 예측할 때 토큰 하나의 평균 손실(nat).

        fit보다 먼저 부르면 RuntimeError, 글이 비었거나 번호가 범위를 벗어나면 ValueError.
        """
        words = self._pad(ids)
        p = self._mix(self._grams(words))
        return float(-np.log(p[self.order - 1 :]).mean())

    def _mix(self, pairs):
        """짧은 문맥부터 섞는다: p_k = found + left × p_(k-1), p_0 = 1 / V."""
        p = 1 / self.vocab_size
        for k, (history, gram) in enumerate(pairs):
            p = self._found[k][gram] + self._left[k][history] * p
        return p

    def _pad(self, ids, empty=False):
        """글의 시작을 알리는 표시(번호 V)를 order-1개 앞에 붙인다."""
        ids = check_ids(ids)
        if not (len(ids) or empty):
            raise ValueError("글이 비었습니다: 토큰이 하나 이상이어야 합니다")
        if len(ids) and not (ids.min() >= 0 and ids.max() < self.vocab_size):
            raise ValueError(
                f"토큰 번호는 0 이상 {self.vocab_size} 미만이어야 합니다: "
                f"받은 범위 {ids.min()}~{ids.max()}"
            )
        start = np.full(self.order - 1, self.vocab_size, dtype=np.int64)
        return np.concatenate([start, ids])

    def _key(self, history, words):
        """문맥 번호와 토큰을 정수 하나로 합친다. 브라우저의 기본 정수는 32비트라 int64를 쓴다."""
        return np.asarray(history, dtype=np.int64) * (self.vocab_size + 1) + words

    def _find(self, k, history, words):
        """문맥 번호와 토큰으로 (k+1)-그램의 번호를 찾는다. 본 적이 없으면 -1이다."""
        if not self._keys:
            raise RuntimeError("loss나 probabilities보다 fit을 먼저 불러야 합니다")
        keys, wanted = self._keys[k], self._key(history, words)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, place, -1)

    def _grams(self, words):
        """k = 1 … order마다 (문맥 번호, k-그램 번호)를 낸다. 모양은 둘 다 words와 같다."""
        history = np.zeros(len(words), dtype=np.intp)
        for k in range(self.order):
            gram = self._find(k, history, words)
            yield history, gram
            history = np.concatenate([gram[:1], gram[:-1]])


def interpolation_weights(order, vocab_size, ids, held_out, *, rounds=50):
    """Jelinek–Mercer의 가중치 (λ_1 … λ_order)를 EM으로 구한다.

    횟수는 ids에서 세고, 가중치는 held_out의 손실이 줄어들도록 짧은 n-그램부터 차례로 정한다.
    EM은 토큰마다 두 확률 가운데 상대 빈도가 차지하는 몫을 구하고, 그 평균을 새 가중치로 쓴다.
    문맥을 본 적이 있는 토큰만 쓰며, 가중치는 0.001과 0.999 사이로 둔다.
    출처: Jelinek & Mercer (1980). 글이 비었으면 ValueError.
    """
    model = NGram(order, vocab_size, JelinekMercer(0.5)).fit(ids)
    weights, lower, words = [], 1 / vocab_size, model._pad(held_out)
    for k, (history, gram) in enumerate(model._grams(words)):
        seen = model._left[k][history] < 1           # 본 적이 있는 문맥
        seen[: order - 1] = False                    # 글의 시작을 알리는 표시는 뺀다
        relative = model._found[k][gram] / 0.5
        w = 0.5
        for _ in range(rounds if seen.any() else 0):
            share = w * relative / (w * relative + (1 - w) * lower)
            w = np.clip(share[seen].mean(), 0.001, 0.999)
        weights.append(float(w))
        lower = np.where(seen, w * relative + (1 - w) * lower, lower)
    return tuple(weights)
