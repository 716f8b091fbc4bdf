"""RNN: torch.nn의 순환층과 셀. 직접 짠 셀은 Recurrent가 펼친다."""

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from rnnbook.arguments import check_counts

from .checks import check_call, check_lengths


class Checked:
    """torch의 순환층과 셀에 입력 검사를 더한다. PackedSequence는 torch에 맡긴다.

    층이나 성분의 수가 1보다 작으면 ValueError, 정수가 아니면 TypeError.
    """

    states = 1   # 다음 시점으로 넘기는 상태의 수: h이면 1, (h, c)이면 2

    def __init__(self, *sizes, **options):
        names = "input_size", "hidden_size", "num_layers"
        check_counts(**dict(zip(names, sizes, strict=False)))
        super().__init__(*sizes, **options)

    def forward(self, x, state=None):
        """x와 상태의 모양이나 자료형이 틀리면 TypeError나 ValueError."""
        if not isinstance(x, PackedSequence):
            state = check_call(self, x, state)
        return super().forward(x, state)


class Lengths(Checked):
    """순환층이 시퀀스마다 다른 길이를 받게 한다. 채운 자리는 torch가 빼고 묶는다(pack)."""

    def forward(self, x, state=None, lengths=None):
        """lengths (N,)를 주면 시퀀스마다 제 길이까지만 읽는다. 그 뒤의 출력은 0이다."""
        if lengths is None:
            return super().forward(x, state)
        state, steps = check_call(self, x, state), x.shape[1]
        lengths = check_lengths(lengths, x.shape[:2])
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, last = super().forward(packed, state)
        return pad_packed_sequence(y, batch_first=True, total_length=steps)[0], last


class RNNCell(Checked, nn.RNNCell):
    """매개변수의 이름과 모양이 scratch.RNNCell과 같은 셀."""


class RNN(Lengths, nn.RNN):
    """매개변수의 이름과 모양이 scratch.RNN과 같은 층."""

    def __init__(self, input_size, hidden_size, num_layers=1, *, bidirectional=False, dropout=0.0):
        super().__init__(input_size, hidden_size, num_layers, batch_first=True,
                         dropout=dropout if num_layers > 1 else 0.0, bidirectional=bidirectional)


class Cell(nn.Module):
    """torch에 없는 순환 셀의 바탕 클래스. 하위 클래스는 gates, states, step만 정한다.

    입력의 모양이 틀리면 ValueError, 자료형이 틀리면 TypeError.
    """

    gates: int
    states: int

    def __init__(self, input_size, hidden_size):
        super().__init__()
        check_counts(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        rows, bound = self.gates * hidden_size, hidden_size**-0.5
        for name, shape in [("weight_ih", (rows, input_size)), ("weight_hh", (rows, hidden_size)),
                            ("bias_ih", (rows,)), ("bias_hh", (rows,))]:
            self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))

    def forward(self, x, state=None):
        """한 시점: x (N, D), 상태 (h, c) 각 (N, H) -> 다음 상태."""
        state = check_call(self, x, state)
        if state is None:
            state = (x.new_zeros(len(x), self.hidden_size),) * self.states
        a = (nn.functional.linear(x, self.weight_ih, self.bias_ih)
             + nn.functional.linear(state[0], self.weight_hh, self.bias_hh))
        return self.step(a.unflatten(1, (self.gates, -1)).unbind(1), state)


class Recurrent(nn.Module):
    """직접 짠 셀을 여러 층, 한 방향이나 두 방향으로 쌓은 순환층. 하위 클래스는 cell만 정한다.

    층이나 성분의 수가 1보다 작으면 ValueError, 정수가 아니면 TypeError.
    """

    cell: type

    def __init__(self, input_size, hidden_size, num_layers=1, *, bidirectional=False, dropout=0.0):
        super().__init__()
        check_counts(num_layers=num_layers)
        self.ways, self.drop = ("", "_reverse") if bidirectional else ("",), nn.Dropout(dropout)
        self.input_size, self.hidden_size = input_size, hidden_size
        self.num_layers, self.bidirectional = num_layers, bidirectional
        self._cells = []                              # 리스트이므로 torch가 모듈로 세지 않는다
        for k in range(num_layers):
            size = hidden_size * len(self.ways) if k else input_size
            for way in self.ways:
                cell = self.cell(size, hidden_size)
                for name, value in cell.named_parameters():
                    self.register_parameter(f"{name}_l{k}{way}", value)
                self._cells.append(cell)

    def forward(self, x, state=None):
        """x (N, T, D) -> y (N, T, H·방향 수), 마지막 상태 (층 수·방향 수, N, H).

        방향 수는 양방향이면 2, 아니면 1이다.
        x가 PackedSequence이면 시퀀스가 끝난 뒤의 시점에서는 상태를 바꾸지 않는다.
        """
        lengths = None
        if isinstance(x, PackedSequence):
            x, lengths = pad_packed_sequence(x, batch_first=True)
        starts, lasts = zip(*_parts(state), strict=True), []
        for k in range(self.num_layers):
            x, ys = self.drop(x) if k else x, []
            for j, way in enumerate(self.ways):
                cell, now, hs = self._cells[k * len(self.ways) + j], next(starts, None), []
                for name, _ in cell.named_parameters():    # .double() 뒤에도 같은 매개변수를 쓴다
                    cell._parameters[name] = self._parameters[f"{name}_l{k}{way}"]
                for t in range(x.shape[1])[::-1 if way else 1]:
                    now = _until(lengths, t, _parts(cell(x[:, t], now)), now)
                    hs.append(now[0])
                ys.append(torch.stack(hs[::-1] if way else hs, dim=1))
                lasts.append(now)
            x = torch.cat(ys, dim=2)
        if lengths is not None:
            x = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        stacked = tuple(torch.stack(part) for part in zip(*lasts, strict=True))
        return x, stacked if len(stacked) > 1 else stacked[0]


def _parts(state):
    """상태 h나 (h, c)를 튜플로 만든다. 상태가 없으면 빈 튜플."""
    return () if state is None else state if isinstance(state, tuple) else (state,)


def _until(lengths, t, new, old):
    """시점 t에 이미 끝난 시퀀스이면 앞 상태를, 아니면 새 상태를 고른다."""
    if lengths is None:
        return new
    old = old or tuple(torch.zeros_like(part) for part in new)
    going = (t < lengths).to(new[0].device)[:, None]
    return tuple(torch.where(going, a, b) for a, b in zip(new, old, strict=True))
