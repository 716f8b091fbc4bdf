"""보면서 쓰는 그림 설명: 낱말을 쓸 때마다 볼 조각을 고른다.

장: chapters/attention
모양 기호: N 배치, P 조각의 수, T 시점, E 임베딩, H 은닉
출처: Xu et al. (2015)
"""

import numpy as np

from rnnbook.batching import NO_ANSWER
from rnnbook.reinforce import Baseline, remaining

from .attention_scores import AdditiveAttention
from .captioner import Captioner
from .functions import log_softmax
from .hard_attention import HardAttention
from .labeller import masked_cross_entropy


class VisualCaptioner(Captioner):
    """시점마다 앞 상태 h를 질의로 삼아 조각의 특징에서 찾는다.

    찾은 것(context)을 LSTM의 입력과 선형층의 입력에 잇는다.
    hard가 참이면 조각을 섞지 않고 하나만 뽑는다. 인자는
    Captioner와 같다.
    """

    extra = 1

    def __init__(self, *sizes, hard=False, rng, dtype=np.float32):
        super().__init__(*sizes, rng=rng, dtype=dtype)
        H = self.rnn.hidden_size
        attention = AdditiveAttention(H, H, H, rng=rng, dtype=dtype)
        if hard:
            attention = HardAttention(attention, rng=rng)
        self.attention = self.adopt(attention, "attention.")
        self.hard, self.baseline = hard, Baseline()

    def read(self, patches):
        """첫 상태는 Captioner와 같다. 조각의 특징도 기억한다."""
        state = super().read(patches)
        self.attention.remember(self.encoder.f, self.encoder.f)
        return state

    def read_backward(self, dstate):
        """특징은 키와 값으로도 쓰였으므로 그 기울기도 더한다."""
        dkey, dvalue = self.attention.remember_backward()
        super().read_backward(dstate, dkey + dvalue)

    def write(self, x, state):
        """임베딩 x (N, T, E), 앞 상태

        -> 출력과 context (N, T, 2H), 마지막 상태
        볼 곳이 앞 상태에 달려 있으므로 한 시점씩 계산한다.
        """
        self.tapes, self.weights, ys = [], [], []
        for t in range(x.shape[1]):
            query = state[0].swapaxes(0, 1)            # (N, 1, H)
            context, weights = self.attention.attend(query)
            x_t = np.concatenate([x[:, t:t + 1], context], axis=2)
            y, state = self.rnn(x_t, state)
            ys.append(np.concatenate([y, context], axis=2))
            self.tapes.append(self.rnn.tapes)
            self.weights.append(weights)
        return np.concatenate(ys, axis=1), state

    def write_backward(self, dy):
        """dy (N, T, 2H) -> dx (N, T, E), 첫 상태의 기울기"""
        H, dxs, dstate = self.rnn.hidden_size, [], None
        for t in reversed(range(dy.shape[1])):
            now = slice(t, t + 1)
            self.rnn.tapes = self.tapes.pop()
            dx, (dh, dc) = self.rnn.backward(dy[:, now, :H], dstate)
            given = [dy[:, now, H:] + dx[:, :, -H:]]
            if self.hard:
                given.append(self.advantage[:, now])
            dquery = self.attention.attend_backward(*given)
            dxs.append(dx[:, :, :-H])
            dstate = dh + dquery.swapaxes(0, 1), dc
        return np.concatenate(dxs[::-1], axis=1), dstate

    def train_step(self, batch, state=None):
        """Captioner와 같다.

        하드 어텐션에서는 뽑은 조각이 그 뒤에 쓰는 모든 낱말에
        영향을 주므로, 조각마다 그 시점부터 끝까지의 손실로 평가한다.
        """
        self.zero_grad()
        logits = self(batch.source, batch.inputs)
        loss, dlogits = masked_cross_entropy(logits, batch.answers)
        if self.hard:
            answers = batch.answers[..., None]
            known = batch.answers != NO_ANSWER
            each = -np.take_along_axis(
                log_softmax(logits), answers, axis=2)[..., 0]
            each = np.where(known, each, 0)
            self.advantage = self.baseline.advantage(
                remaining(each), known)
            self.advantage /= known.sum()
        self.backward(dlogits)
        return loss, None

    def align(self, batch):
        """낱말마다 조각의 가중치 (N, T, P). 정답을 넣어 구한다."""
        with self.evaluating():
            self(batch.source, batch.inputs)
        return np.concatenate(self.weights, axis=1)
