"""n-그램의 평활: 본 n-그램의 확률을 조금 덜어 못 본 것까지 모두에 나누어 주는 방법.

모두 p_k(w | h) = found(h, w) + left(h) · p_(k-1)(w | h')의 꼴이다.
h'은 h에서 맨 앞 토큰을 뺀 문맥이다. 방법마다 found와 left가 다르고, 본 적이 없는 문맥이면
found는 0, left는 1이다.
출처: Chen & Goodman (1999)
"""

from typing import NamedTuple

import numpy as np


class Counts(NamedTuple):
    """k-그램을 센 것. M은 k-그램의 수, C는 문맥의 수.

    k 길이, top 가장 긴 k-그램인지, vocab_size 어휘의 크기 V
    count (M,) 횟수, history (M,) 문맥의 번호, total (C,) 문맥마다 횟수의 합
    """

    k: int
    top: bool
    vocab_size: int
    count: np.ndarray
    history: np.ndarray
    total: np.ndarray


class Laplace:
    """모든 토큰을 k번씩 더 보았다고 친다. 짧은 문맥은 쓰지 않는다.

    p(w | h) = (c(h, w) + k) / (c(h) + k V)
    k가 0보다 크지 않으면 ValueError.
    """

    continuation = False

    def __init__(self, k=1.0):
        if not k > 0:
            raise ValueError(f"k는 0보다 커야 합니다: 받은 값 {k}")
        self.k = k

    def share(self, counts):
        """found (M,), left (C,)를 돌려준다."""
        added = self.k * counts.vocab_size
        if not counts.top:      # 1 / V가 그대로 올라온다
            return np.zeros(len(counts.count)), np.ones(len(counts.total))
        whole = counts.total + added
        return counts.count / whole[counts.history], added / whole


class JelinekMercer:
    """상대 빈도와 짧은 문맥의 확률을 일정한 비율로 섞는다.

    p_k(w | h) = λ_k c(h, w) / c(h) + (1 - λ_k) p_(k-1)(w | h')
    weights는 λ 하나이거나 (λ_1, λ_2, …)이다. 좋은 값은 `ngram.interpolation_weights`로 구한다.
    가중치가 0 이상 1 미만이 아니거나 모자라면 ValueError. 출처: Jelinek & Mercer (1980)
    """

    continuation = False

    def __init__(self, weights=0.5):
        self.weights = np.asarray(weights, float)
        if not ((self.weights >= 0) & (self.weights < 1)).all():
            raise ValueError(f"가중치는 0 이상 1 미만이어야 합니다: 받은 값 {weights}")

    def share(self, counts):
        """found (M,), left (C,)를 돌려준다."""
        w = self.weights
        if w.ndim and counts.k > len(w):
            raise ValueError(f"{counts.k}-그램의 가중치가 없습니다: 받은 가중치 {len(w)}개")
        w = w[counts.k - 1] if w.ndim else w
        found = w * counts.count / np.maximum(counts.total, 1)[counts.history]
        return found, np.where(counts.total > 0, 1 - w, 1.0)


class AbsoluteDiscount:
    """횟수마다 d만큼 덜어 내어 짧은 문맥의 확률대로 나눈다.

    p_k(w | h) = max(c(h, w) - d, 0) / c(h) + (덜어 낸 것의 합 / c(h)) p_(k-1)(w | h')
    d를 주지 않으면 길이마다 n1 / (n1 + 2 n2)로 정한다. n1, n2는 한 번, 두 번 나온 n-그램의 수.
    n1이 0이면 0.5로 둔다.
    d가 0 이하이거나 1보다 크면 ValueError. 출처: Ney, Essen & Kneser (1994)
    """

    continuation = False

    def __init__(self, d=None):
        if d is not None and not 0 < d <= 1:
            raise ValueError(f"d는 0보다 크고 1 이하여야 합니다: 받은 값 {d}")
        self.d = d

    def share(self, counts):
        """found (M,), left (C,)를 돌려준다."""
        taken = self.discounts(counts.count)[np.minimum(counts.count, 3)]
        left = np.bincount(counts.history, weights=taken, minlength=len(counts.total))
        safe = np.maximum(counts.total, 1)
        found = (counts.count - taken) / safe[counts.history]
        return found, np.where(counts.total > 0, left / safe, 1.0)

    def discounts(self, count):
        """횟수가 0, 1, 2, 3 이상인 n-그램에서 덜어 낼 양 (4,)"""
        n1, n2 = ((count == c).sum() for c in (1, 2))
        d = self.d or (n1 / (n1 + 2 * n2) if n1 else 0.5)
        return np.array([0.0, d, d, d])


class KneserNey(AbsoluteDiscount):
    """짧은 문맥에서는 횟수 대신 그 앞에 온 서로 다른 토큰의 수를 세는 절대 할인.

    글의 시작을 알리는 표시도 앞에 온 토큰으로 센다.
    출처: Kneser & Ney (1995). 논문은 못 본 n-그램에만 짧은 문맥을 쓰고, 여기서는
    Chen & Goodman (1999)처럼 늘 섞는다.
    """

    continuation = True


class ModifiedKneserNey(AbsoluteDiscount):
    """덜어 낼 양을 횟수(1, 2, 3 이상)에 따라 달리하는 Kneser–Ney.

    그 양은 횟수가 1, 2, 3, 4인 n-그램의 수에서 구한다. 넷 가운데 0이 있으면 모두 0.5로 두고,
    0.05보다 작으면 0.05로 올린다. 출처: Chen & Goodman (1999)
    """

    continuation = True

    def __init__(self):
        super().__init__()

    def discounts(self, count):
        """횟수가 0, 1, 2, 3 이상인 n-그램에서 덜어 낼 양 (4,)"""
        n1, n2, n3, n4 = (int((count == c).sum()) for c in (1, 2, 3, 4))
        if min(n1, n2, n3, n4) == 0:      # 글이 짧거나 어휘가 작아 식을 쓸 수 없다
            return np.array([0.0, 0.5, 0.5, 0.5])
        y = n1 / (n1 + 2 * n2)
        d = np.array([1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
        return np.append(0.0, np.clip(d, 0.05, [1, 2, 3]))
