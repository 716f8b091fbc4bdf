"""concise answers mistakes as scratch does, in Korean, before torch says anything."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from rnnbook import concise, scratch

# name: number of states
LAYERS = {"RNN": 1, "ReluRNN": 1, "GRU": 1, "ChoGRU": 1,
          "LSTM": 2, "PeepholeLSTM": 2, "CoupledLSTM": 2}
CELLS = {f"{name}Cell": count for name, count in LAYERS.items()}


def zeros(*shape, dtype=torch.float32):
    return torch.zeros(shape, dtype=dtype)


def states(count, *shape, **options):
    parts = tuple(zeros(*shape, **options) for _ in range(count))
    return parts if count > 1 else parts[0]


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(("x", "error", "message"), [
    (zeros(4, 10, 7), ValueError, r"x의 마지막 축은 3이어야 합니다: 받은 모양 \(4, 10, 7\)"),
    (zeros(5, 3), ValueError, r"비어 있지 않은 실수 \(N, T, D\)여야 합니다: 받은 모양 \(5, 3\)"),
    (zeros(2, 0, 3), ValueError, r"비어 있지 않은 .* 받은 모양 \(2, 0, 3\)"),
    (zeros(2, 5, 3, dtype=torch.float64), TypeError,
     "x의 자료형은 torch.float32이어야 합니다: 받은 자료형 torch.float64"),
    (zeros(2, 5, dtype=torch.int64), TypeError, "받은 자료형 torch.int64"),
    (np.zeros((2, 5, 3)), TypeError, "x 자리에는 텐서가 와야 합니다: 받은 것 ndarray"),
])
def test_a_layer_explains_wrong_input(name, x, error, message):
    with pytest.raises(error, match=message):
        getattr(concise, name)(3, 4, 2)(x)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize(("x", "error", "message"), [
    (zeros(2, 5), ValueError, r"x의 마지막 축은 3이어야 합니다: 받은 모양 \(2, 5\)"),
    (zeros(3), ValueError, r"비어 있지 않은 실수 \(N, D\)여야 합니다: 받은 모양 \(3,\)"),
    (zeros(2, 3, dtype=torch.float64), TypeError, "받은 자료형 torch.float64"),
])
def test_a_cell_explains_wrong_input(name, x, error, message):
    with pytest.raises(error, match=message):
        getattr(concise, name)(3, 4)(x)


@pytest.mark.parametrize("name", [*LAYERS, *CELLS])
def test_wrong_states_are_explained(name):
    count = (LAYERS | CELLS)[name]
    if name in CELLS:
        module, x, good, bad = getattr(concise, name)(3, 4), zeros(2, 3), (2, 4), (3, 4)
    else:
        module = getattr(concise, name)(3, 4, 2, bidirectional=True)
        x, good, bad = zeros(2, 5, 3), (4, 2, 4), (2, 2, 4)
    module(x, states(count, *good))
    for wrong, error, message in [
        (states(3 - count, *good), ValueError,
         f"상태는 텐서 {count}개여야 합니다: 받은 개수 {3 - count}"),
        (states(count, *bad), ValueError, f"상태의 모양은 {good}이어야 합니다: 받은 모양 {bad}"),
        (states(count, *good, dtype=torch.float64), TypeError,
         "상태의 자료형은 torch.float32이어야 합니다: 받은 자료형 torch.float64"),
        ((np.zeros(good),) * count, TypeError, "상태 자리에는 텐서가 와야 합니다: 받은 것 ndarray"),
    ]:
        with pytest.raises(error) as raised:
            module(x, wrong)
        assert message in str(raised.value)


@pytest.mark.parametrize("name", LAYERS)
def test_a_wrong_last_axis_is_explained_in_the_same_words_as_in_scratch(name, rng):
    said = []
    for layer, x in [(getattr(concise, name)(3, 4), zeros(4, 10, 7)),
                     (getattr(scratch, name)(3, 4, rng=rng), np.zeros((4, 10, 7)))]:
        with pytest.raises(ValueError, match="x의 마지막 축은") as raised:
            layer(x)
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_packed_sequences_are_left_to_torch():
    layer, texts = concise.LSTM(3, 4), [torch.randn(5, 3), torch.randn(2, 3)]
    _, (h, _) = layer(pack_sequence(texts))
    alone, _ = layer(texts[1][None])
    torch.testing.assert_close(h[0, 1], alone[0, -1])
