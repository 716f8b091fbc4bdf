"""언어 모형의 자와 밑감: 손실을 읽는 단위, 글을 배치로 자르는 두 방법, n-그램 기준선."""

import itertools
import math

import numpy as np


def perplexity(loss):
    """토큰 하나의 손실(nats)을 퍼플렉시티로 바꾼다.

    퍼플렉시티가 k이면, 똑같이 그럴듯한 후보 k개를 놓고 찍는 만큼 헷갈린다는 뜻이다.
    """
    return math.exp(loss)


def bits_per_char(loss, tokens_per_char=1.0):
    """토큰 하나의 손실(nats)을 글자당 비트로 바꾼다.

    토큰이 글자 하나가 아니면 글자마다 토큰이 몇 개인지(tokens_per_char)를 함께 준다.
    """
    return loss * tokens_per_char / math.log(2)


class Batches:
    """(x, y) 짝을 내놓는, 몇 번이고 다시 돌 수 있는 묶음. y는 x를 한 칸 당긴 것이다."""

    def __init__(self, make, length):
        self._make, self._length = make, length

    def __iter__(self):
        return self._make()

    def __len__(self):
        return self._length


def sequential_batches(ids, batch_size, num_steps):
    """글을 batch_size 줄로 나누어 앞에서부터 차례로 읽는 배치. x, y (N, T).

    배치의 n째 줄은 다음 배치의 n째 줄로 이어지므로 상태를 넘겨도 글이 끊기지 않는다.
    줄 길이가 num_steps로 나누어떨어지지 않으면 마지막 배치의 T가 짧다.
    """
    ids = _check_ids(ids, batch_size, num_steps, need=batch_size + 1)
    length = (len(ids) - 1) // batch_size
    x = ids[: batch_size * length].reshape(batch_size, length)
    y = ids[1 : batch_size * length + 1].reshape(batch_size, length)
    starts = range(0, length, num_steps)

    def make():
        for start in starts:
            yield x[:, start : start + num_steps], y[:, start : start + num_steps]

    return Batches(make, len(starts))


def random_batches(ids, batch_size, num_steps, *, rng):
    """글의 서로 겹치지 않는 자리에서 뽑아 순서를 섞은 배치. x, y (N, T).

    한 바퀴마다 자르는 자리를 새로 뽑는다. 이웃한 배치가 이어지지 않으므로 상태를 넘기지 않는다.
    """
    ids = _check_ids(ids, batch_size, num_steps, need=(batch_size + 1) * num_steps)
    count = (len(ids) - num_steps) // num_steps // batch_size

    def make():
        offset = rng.integers(num_steps)
        starts = offset + num_steps * np.arange((len(ids) - 1 - offset) // num_steps)
        starts = rng.permutation(starts)[: count * batch_size].reshape(count, batch_size, 1)
        for start in starts:
            window = start + np.arange(num_steps)
            yield ids[window], ids[window + 1]

    return Batches(make, count)


def _check_ids(ids, batch_size, num_steps, need):
    if batch_size < 1 or num_steps < 1:
        raise ValueError(
            "batch_size와 num_steps는 1 이상이어야 합니다: "
            f"받은 값 batch_size={batch_size}, num_steps={num_steps}"
        )
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise TypeError(
            "ids는 정수가 한 줄로 늘어선 것이어야 합니다: "
            f"받은 모양 {ids.shape}, 자료형 {ids.dtype}"
        )
    if len(ids) < need:
        raise ValueError(
            f"글이 너무 짧습니다: batch_size={batch_size}, num_steps={num_steps}이면 "
            f"토큰이 {need}개 이상이어야 하는데 {len(ids)}개를 받았습니다."
        )
    return ids.astype(np.int64, copy=False)


class NGram:
    """앞 order-1개 토큰으로 다음 토큰을 맞히는 n-그램 모형. 수정 Kneser–Ney 평활을 쓴다.

    긴 문맥에서 센 횟수를 조금씩 덜어 내어(할인) 한 칸 짧은 문맥의 확률에 나누어 준다.
    짧은 문맥에서는 토큰이 나온 횟수 대신 그 앞에 온 서로 다른 토큰의 수를 센다.
    할인량은 1, 2, 3번 이상 나온 n-그램에 따로 두고 센 횟수에서 바로 구한다.
    출처: S. F. Chen·J. Goodman, An empirical study of smoothing techniques for
    language modeling, Computer Speech & Language 13 (1999), 4.1.6절.
    """

    def __init__(self, order, vocab_size):
        if order < 1 or vocab_size < 1:
            raise ValueError(
                "order와 vocab_size는 1 이상이어야 합니다: "
                f"받은 값 order={order}, vocab_size={vocab_size}"
            )
        self.order, self.vocab_size = order, vocab_size

    def fit(self, ids):
        """토큰 번호에서 횟수를 센다. 자기 자신을 돌려준다."""
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
            # 가장 긴 n-그램은 나온 횟수를, 짧은 것은 그 앞에 온 서로 다른 토큰의 수를 센다.
            seen = np.arange(len(words)) if k == self.order else firsts[k]
            seen = seen[words[seen] < self.vocab_size]
            count = np.bincount(gram[seen], minlength=len(firsts[k - 1]))
            found, left = _discount(count, history[firsts[k - 1]], histories[k - 1])
            self._found.append(np.append(found, 0.0))  # 끝에 붙인 값은 못 찾은 것(-1)의 몫이다
            self._left.append(np.append(left, 1.0))
        return self

    def probabilities(self, context):
        """문맥(토큰 번호들) 다음에 올 토큰의 확률. 돌려주는 모양은 (V,)이고 합은 1이다."""
        words = self._pad(context, empty=True)[-self.order :]
        shorter = itertools.islice(self._grams(words), self.order - 1)
        last = [0, *(gram[-1] for _, gram in shorter)]
        candidates = np.arange(self.vocab_size)
        return self._mix(
            (np.full(self.vocab_size, h), self._find(k, h, candidates)) for k, h in enumerate(last)
        )

    def loss(self, ids):
        """글 하나를 앞에서부터 맞혀 나갈 때 토큰 하나에 드는 평균 손실(nats)."""
        words = self._pad(ids)
        p = self._mix(self._grams(words))
        return float(-np.log(p[self.order - 1 :]).mean())

    def _mix(self, pairs):
        """짧은 문맥부터 섞는다: p_k = 할인하고 남은 몫 + 덜어 낸 몫 × p_(k-1)."""
        p = 1 / self.vocab_size
        for k, (history, gram) in enumerate(pairs):
            p = self._found[k][gram] + self._left[k][history] * p
        return p

    def _pad(self, ids, empty=False):
        """글머리 표시(번호 V)를 order-1개 앞에 붙인다."""
        ids = _check_ids(ids, 1, 1, need=0 if empty else 1)
        if len(ids) and not (ids.min() >= 0 and ids.max() < self.vocab_size):
            raise ValueError(
                f"토큰 번호는 0 이상 {self.vocab_size} 미만이어야 합니다: "
                f"받은 범위 {ids.min()}…{ids.max()}"
            )
        start = np.full(self.order - 1, self.vocab_size, dtype=np.int64)
        return np.concatenate([start, ids.astype(np.int64)])

    def _key(self, history, words):
        """문맥 번호와 토큰을 정수 하나로 합친다. 브라우저의 정수는 32비트라서 64비트로 셈한다."""
        return np.asarray(history, dtype=np.int64) * (self.vocab_size + 1) + words

    def _find(self, k, history, words):
        """문맥 번호와 토큰으로 (k+1)-그램의 번호를 찾는다. 본 적이 없으면 -1이다."""
        keys, wanted = self._keys[k], self._key(history, words)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, place, -1)

    def _grams(self, words):
        """k = 1 … order마다 (문맥 번호, k-그램 번호)를 내놓는다. 둘 다 모양이 words와 같다."""
        history = np.zeros(len(words), dtype=np.intp)
        for k in range(self.order):
            gram = self._find(k, history, words)
            yield history, gram
            history = np.concatenate([gram[:1], gram[:-1]])


def _discount(count, history, histories):
    """할인하고 남은 몫(n-그램마다)과 덜어 낸 몫(문맥마다)을 구한다."""
    n1, n2, n3, n4 = (int((count == c).sum()) for c in (1, 2, 3, 4))
    if min(n1, n2, n3, n4) > 0:
        y = n1 / (n1 + 2 * n2)
        d = np.array([1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
        d = np.clip(d, 0.05, [1, 2, 3])
    else:  # 글이 짧아 식을 쓸 수 없을 때
        d = np.array([0.5, 0.5, 0.5])
    taken = np.append(0.0, d)[np.minimum(count, 3)]
    total = np.bincount(history, weights=count, minlength=histories)
    left = np.bincount(history, weights=taken, minlength=histories)
    safe = np.maximum(total, 1)
    return (count - taken) / safe[history], np.where(total > 0, left / safe, 1.0)
