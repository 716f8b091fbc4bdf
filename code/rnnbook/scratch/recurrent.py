"""순환층: 셀을 시간, 층, 방향으로 잇는다.

장: chapters/rnn, chapters/lstm
"""

from functools import partial

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.batching import reversed_steps
from rnnbook.shapes import check_lengths

from .bptt import unroll, unroll_backward
from .checks import check_input, check_state
from .layers import Dropout
from .lengths import unroll_lengths, unroll_lengths_backward
from .module import Module


class Recurrent(Module):
    """셀을 여러 층, 한 방향이나 두 방향으로 쌓은 순환층. 하위 클래스는 cell만 정한다.

    매개변수의 이름과 모양, 돌려주는 값의 모양은 torch.nn.RNNBase(batch_first=True)와 같다.
    드롭아웃은 층과 층 사이에만 쓴다. 층이나 성분의 수가 1보다 작으면 ValueError,
    정수가 아니거나 rng가 난수 생성기가 아니면 TypeError.
    """

    cell: type

    def __init__(self, input_size, hidden_size, num_layers=1, *, bidirectional=False, dropout=0.0,
                 rng, dtype=np.float32):
        super().__init__()
        check_counts(num_layers=num_layers)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.dtype, self.cells, self.drops, self.tapes = np.dtype(dtype), [], [], None
        self.ways = ("", "_reverse") if bidirectional else ("",)
        for k in range(num_layers):
            size = hidden_size * len(self.ways) if k else input_size
            self.drops.append(self.adopt(Dropout(dropout if k else 0.0, rng=rng)))
            for way in self.ways:
                cell = self.cell(size, hidden_size, rng=rng, dtype=dtype)
                self.cells.append(self.adopt(cell, suffix=f"_l{k}{way}"))

    def forward(self, x, state=None, lengths=None):
        """x (N, T, D) -> y (N, T, H·방향 수), 마지막 상태 (층 수·방향 수, N, H).

        방향 수는 양방향이면 2, 아니면 1이다. LSTM의 상태는 (h, c)이다.
        정수 x (N, T)는 원-핫 벡터 (N, T, D)로 본다. 모양이 맞지 않으면 ValueError.
        길이 lengths (N,)를 주면 시퀀스마다 제 길이까지만 읽는다. 그 뒤의 출력은 0이다. 앞으로 읽는
        방향의 마지막 상태는 제 마지막 시점의 것이고, 거꾸로 읽는 방향은 그 시점에서 시작한다.
        """
        x = check_input(x, self.input_size, self.dtype)
        shape, run, run_back, back = x.shape[:2], unroll, unroll_backward, np.s_[:, ::-1]
        if lengths is not None:
            lengths = check_lengths(lengths, shape)
            run, run_back = partial(unroll_lengths, lengths=lengths), unroll_lengths_backward
            back = reversed_steps(lengths, shape[1])
        turns = (np.s_[:, :], back)[:len(self.ways)]                   # 앞으로, 뒤로
        starts, lasts = self._starts(state, len(x)), []
        self.tapes, self.call = [], (shape, turns, run_back)
        for drop in self.drops:
            x, ys = drop(x), []
            for turn in turns:
                k = len(lasts)
                y, last, tape = run(self.cells[k], x[turn], starts[k])
                ys.append(y[turn])
                lasts.append(last)
                self.tapes.append(tape)
            x = ys[0] if len(ys) == 1 else np.concatenate(ys, axis=2)
        return x, self._pack(lasts)

    def backward(self, dy, dstate=None):
        """dy (N, T, H·방향 수), 마지막 상태의 기울기 -> dx (N, T, D), 첫 상태의 기울기.

        가장 최근에 부른 forward를 미분한다. 매개변수의 기울기는 grads에 더한다.
        x가 정수였으면 dx는 None이다. forward를 부른 적이 없으면 RuntimeError,
        모양이 맞지 않으면 ValueError.
        """
        if self.tapes is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        (N, T), turns, run_back = self.call
        H, ways = self.hidden_size, len(turns)
        if np.shape(dy) != (N, T, H * ways):
            raise ValueError(f"dy의 모양은 {(N, T, H * ways)}이어야 합니다: "
                             f"받은 모양 {np.shape(dy)}")
        dy, ends = np.asarray(dy, self.dtype), self._starts(dstate, N)
        firsts = [None] * len(self.cells)
        for layer in reversed(range(self.num_layers)):
            dxs = []
            for way, turn in enumerate(turns):
                k, part = layer * ways + way, dy[turn][..., way * H:(way + 1) * H]
                dx, firsts[k] = run_back(self.cells[k], part, ends[k], self.tapes[k])
                dxs.append(dx if dx is None else dx[turn])
            dy = dxs[0] if ways == 1 or dxs[0] is None else dxs[0] + dxs[1]
            dy = dy if dy is None else self.drops[layer].backward(dy)
        return dy, self._pack(firsts)

    def _pack(self, parts):
        """셀마다 하나씩인 상태를 (층 수·방향 수, N, H)로 쌓는다."""
        packed = tuple(np.array(part) if len(part) > 1 else part[0][None]
                       for part in zip(*parts, strict=True))
        return packed if len(packed) > 1 else packed[0]

    def _starts(self, state, batch_size):
        """상태 (층 수·방향 수, N, H)를 셀마다의 튜플로 나눈다. 상태가 없으면 모두 None."""
        shape = len(self.cells), batch_size, self.hidden_size
        parts = check_state(state, self.cells[0], shape)
        return [None] * len(self.cells) if parts is None else list(zip(*parts, strict=True))
