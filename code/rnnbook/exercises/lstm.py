"""LSTM 장의 문제들. 바른 값은 책의 코드로 계산하고, 기울기는 중앙 차분으로 구한다.

장: chapters/lstm
"""

import numpy as np

from rnnbook.scratch.functions import sigmoid
from rnnbook.scratch.lstm import LSTM, LSTMCell

from .compare import numerical_gradient
from .engine import Exercise, Part


def sizes(rng, count):
    """서로 다른 크기 count개. 축을 뒤바꾸면 반드시 모양이 어긋난다."""
    return (int(size) for size in rng.permutation(np.arange(2, 8))[:count])


def our_step(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """책의 LSTMCell로 계산한 한 시점."""
    cell = LSTMCell(w_ih.shape[1], w_hh.shape[1], rng=np.random.default_rng(0), dtype=np.float64)
    cell.load_state_dict({"weight_ih": w_ih, "weight_hh": w_hh, "bias_ih": b_ih, "bias_hh": b_hh})
    return cell(x, (h, c))


def from_activations(a, h, c, w_hh=None):
    """활성화 함수에 들어가는 값 a (N, 4H)에서 시작하는 한 시점: W_ih를 항등 행렬로 둔다."""
    G, H = a.shape[1], c.shape[1]
    w_hh = np.zeros((G, H)) if w_hh is None else w_hh
    return our_step(a, h, c, np.eye(G), w_hh, np.zeros(G), np.zeros(G))


def swap(a, j, k):
    """4H 가운데 게이트 j와 k의 자리를 바꾼다."""
    blocks = np.split(a, 4, axis=-1)
    blocks[j], blocks[k] = blocks[k], blocks[j]
    return np.concatenate(blocks, axis=-1)


# -- 셀 상태 갱신 ----------------------------------------------------------------------------------

def gates_and_cell(rng, *, n=None, size=None, scale=2.0):
    """활성화 함수에 들어가는 값 a (N, 4H), 앞 셀 상태 (N, H)."""
    N, H = sizes(rng, 2)
    N, H = n or N, size or H
    return scale * rng.normal(size=(N, 4 * H)), rng.normal(size=(N, H))


def cell_update(a, c_prev):
    """새 셀 상태 c (N, H)."""
    return from_activations(a, np.zeros_like(c_prev), c_prev)[1]


CELL_UPDATE = Part(
    "cell_update", gates_and_cell, cell_update, ("c",),
    edges={"N = 1, H = 1": lambda rng: gates_and_cell(rng, n=1, size=1),
           "포화된 게이트(a = ±수백)": lambda rng: gates_and_cell(rng, scale=400.0)},
    hints={"shape": "a의 마지막 축에는 i, f, g, o가 H칸씩 이어져 있습니다. 넷으로 나누었습니까?",
           "nan": "지수 함수에서 오버플로가 났습니다. tanh로 쓴 시그모이드에서는 나지 않습니다.",
           "value": "게이트 i와 f에는 시그모이드를, 후보 g에는 tanh를 씌웠는지 확인하십시오."},
    confusions={
        "입력 게이트와 망각 게이트의 자리가 바뀌었습니다. 순서는 i, f, g, o입니다.":
            lambda a, c_prev: cell_update(swap(a, 0, 1), c_prev),
        "후보 g와 출력 게이트 o의 자리가 바뀌었습니다. 순서는 i, f, g, o입니다.":
            lambda a, c_prev: cell_update(swap(a, 2, 3), c_prev),
        "은닉 상태 h를 돌려준 듯합니다. 이 문제는 셀 상태 c를 묻습니다.":
            lambda a, c_prev: from_activations(a, np.zeros_like(c_prev), c_prev)[0]})


# -- 매개변수의 수 ---------------------------------------------------------------------------------

def layer_sizes(rng):
    """D, H, 층의 수, 양방향인가."""
    D, H = sizes(rng, 2)
    return D, H, int(rng.integers(1, 4)), bool(rng.integers(2))


def count_parameters(input_size, hidden_size, num_layers, bidirectional):
    """책의 LSTM을 만들어 배열의 크기를 더한다."""
    layer = LSTM(input_size, hidden_size, num_layers, bidirectional=bidirectional,
                 rng=np.random.default_rng(0))
    return sum(value.size for value in layer.state_dict().values())


COUNT = Part(
    "count_parameters", layer_sizes, count_parameters, ("매개변수의 수",),
    edges={"한 층, 한 방향": lambda rng: (8, 16, 1, False),
           "세 층, 두 방향": lambda rng: (5, 7, 3, True)},
    hints={"value": "한 층, 한 방향부터 세십시오. 게이트와 후보마다 행렬 둘과 편향 둘이 있습니다.",
           "type": "개수는 정수입니다. 나눗셈에는 `//`를 쓰십시오."},
    confusions={
        "편향을 하나만 셌습니다. 이 책과 PyTorch의 셀에는 편향이 둘입니다.":
            lambda D, H, layers, both: count_parameters(D, H, layers, both)
            - 4 * H * layers * (1 + both),
        "둘째 층부터는 아래층의 출력을 입력으로 받습니다. 그 길이를 확인하십시오.":
            lambda D, H, layers, both: count_parameters(D, H, 1, both) * layers,
        "양방향이면 두 방향의 출력을 이어 붙여 위층에 넣습니다.":
            lambda D, H, layers, both: count_parameters(D, H, layers, False) * (1 + both)})


# -- 망각 편향 -------------------------------------------------------------------------------------

def forget_bias(steps):
    """σ(b)^steps = 1/2인 b: 이분법으로 찾는다."""
    low, high = -60.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(middle) ** steps < 0.5 else (low, middle)
    return (low + high) / 2


FORGET_BIAS = Part(
    "forget_bias", lambda rng: (int(rng.integers(2, 500)),), forget_bias, ("편향",),
    edges={"한 시점": lambda rng: (1,), "만 시점": lambda rng: (10_000,)},
    hints={"value": "먼저 f^steps = 1/2인 f를 구하고, 그다음 σ(b) = f를 b에 대해 푸십시오.",
           "nan": "로그 안의 값이 0 이하가 되었습니다. σ(b) = f를 b에 대해 다시 풀어 보십시오."},
    confusions={"부호가 반대입니다. 오래 기억하려면 편향이 커야 합니다.":
                lambda steps: -forget_bias(steps),
                "구한 값은 게이트 f입니다. σ(b) = f인 b를 구해야 합니다.":
                lambda steps: sigmoid(forget_bias(steps))}, rtol=1e-8)


# -- 곧은 길의 기울기 ------------------------------------------------------------------------------

def forget_gates(rng, *, steps=None, low=0.0, high=1.0):
    """망각 게이트 f (N, T, H)."""
    N, T, H = sizes(rng, 3)
    return (rng.uniform(low, high, (N, steps or T, H)),)


def with_shut_gates(rng):
    """군데군데 꼭 닫힌(0) 망각 게이트."""
    (f,) = forget_gates(rng, steps=6)
    f[:, 2, 0] = f[0, 4] = 0.0
    return (f,)


def gradient_path(f):
    """입력 쪽 가중치만 남긴 LSTM으로 dc = 1을 시점마다 거꾸로 보낸다."""
    N, T, H = f.shape
    with np.errstate(divide="ignore"):
        logit = np.nan_to_num(np.log(f) - np.log1p(-f), neginf=-1000.0, posinf=1000.0)
    layer = LSTM(4 * H, H, rng=np.random.default_rng(0), dtype=np.float64)
    weights = {name: np.zeros_like(value) for name, value in layer.state_dict().items()}
    layer.load_state_dict(weights | {"weight_ih_l0": np.eye(4 * H)})
    x, path = np.zeros((N, T, 4 * H)), np.ones((N, T, H))
    x[..., H:2 * H] = logit
    for t in range(T - 1):                        # 시점 t 뒤만 펼치고, 끝의 dc = 1을 거꾸로 보낸다
        y, (h, _) = layer(x[:, t + 1:])
        path[:, t] = layer.backward(np.zeros_like(y), (np.zeros_like(h), np.ones_like(h)))[1][1][0]
    return path


PATH = Part(
    "gradient_path", forget_gates, gradient_path, ("곧은 길의 기울기",),
    edges={"T = 1": lambda rng: forget_gates(rng, steps=1),
           "닫힌 게이트(f = 0)": with_shut_gates,
           "긴 시퀀스(T = 60)": lambda rng: forget_gates(rng, steps=60, low=0.9)},
    hints={"value": "마지막 시점의 값은 1입니다. 거기에서 한 시점씩 거슬러 가며 곱해 보십시오.",
           "nan": "닫힌 게이트(f = 0)로는 나눌 수 없습니다. 나누지 말고 뒤에서부터 곱하십시오.",
           "shape": "f와 같은 모양 (N, T, H)을 돌려주어야 합니다."},
    confusions={
        "한 시점 밀렸습니다. c_t에서 c_T까지는 f_t가 아니라 f_{t+1}부터 곱합니다.":
            lambda f: gradient_path(f) * f,
        "앞 시점부터 곱했습니다. 기울기는 마지막 시점에서 과거로 갑니다.":
            lambda f: gradient_path(f[:, ::-1])[:, ::-1]})


# -- 한 시점 ---------------------------------------------------------------------------------------

def weights_and_state(rng, *, n=None, size=None):
    """x, h, c와 가중치 넷. 편향도 0이 아니다."""
    N, D, H = sizes(rng, 3)
    N, H = n or N, size or H
    shapes = (N, D), (N, H), (N, H), (4 * H, D), (4 * H, H), (4 * H,), (4 * H,)
    return tuple(rng.normal(size=shape) for shape in shapes)


def lstm_step(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """새 h, c 각 (N, H)."""
    return our_step(x, h, c, w_ih, w_hh, b_ih, b_hh)


def output_of_old_cell(x, h, c, *weights):
    """h를 계산할 때 앞 셀 상태를 쓴 틀린 계산."""
    h_next, c_next = our_step(x, h, c, *weights)
    return h_next / np.tanh(c_next) * np.tanh(c), c_next


STEP = Part(
    "lstm_step", weights_and_state, lstm_step, ("h", "c"),
    edges={"N = 1": lambda rng: weights_and_state(rng, n=1),
           "H = 1": lambda rng: weights_and_state(rng, size=1)},
    hints={"c": "c = f · c + i · g입니다. 시그모이드와 tanh를 어디에 씌웠습니까?",
           "error": "가중치의 모양은 (4H, D)와 (4H, H)입니다. `x @ w_ih.T`처럼 전치해서 곱합니다.",
           "value": "c부터 맞는지 확인한 다음 h = o · tanh(c)를 확인하십시오. 편향은 둘입니다."},
    confusions={
        "은닉 상태를 계산할 때 새 셀 상태가 아니라 앞 셀 상태를 쓴 듯합니다.": output_of_old_cell,
        "편향 하나가 빠졌습니다(b_hh).":
            lambda x, h, c, w_ih, w_hh, b_ih, b_hh: our_step(x, h, c, w_ih, w_hh, b_ih, 0 * b_hh),
        "입력 게이트와 망각 게이트의 자리가 바뀌었습니다. 순서는 i, f, g, o입니다.":
            lambda x, h, c, w_ih, w_hh, b_ih, b_hh: our_step(
                x, h, c, *(swap(w.T, 0, 1).T for w in (w_ih, w_hh, b_ih, b_hh)))})


# -- 나누어 읽기 -----------------------------------------------------------------------------------

def layer_and_sequence(rng, *, steps=None, size=None, num_layers=1):
    """LSTM 층, x (N, T, D), 토막의 길이."""
    N, D, H, T, chunk = sizes(rng, 5)
    layer = LSTM(D, H, num_layers, rng=rng, dtype=np.float64)
    return layer, rng.normal(size=(N, steps or 2 * T + 3, D)), size or chunk


def run_in_chunks(layer, x, size):
    """자르지 않고 한 번에 계산한 y와 마지막 상태."""
    return layer(x)


CHUNKS = Part(
    "run_in_chunks", layer_and_sequence, run_in_chunks, ("y", "h", "c"),
    edges={"토막이 시퀀스보다 길 때": lambda rng: layer_and_sequence(rng, steps=3, size=5),
           "한 시점씩": lambda rng: layer_and_sequence(rng, steps=4, size=1),
           "두 층": lambda rng: layer_and_sequence(rng, num_layers=2)},
    hints={"shape": "마지막 토막은 size보다 짧을 수 있습니다. 토막은 시간축(axis=1)으로 잇습니다.",
           "value": "토막이 끝날 때의 상태를 다음 토막의 첫 상태로 넘겼습니까?",
           "count": "`layer`처럼 출력 y와 마지막 상태 (h, c)를 함께 돌려주십시오."})


# -- 길이가 다른 시퀀스 ----------------------------------------------------------------------------

def padded_batch(rng, *, steps=None):
    """LSTM 층, 뒤를 0이 아닌 값으로 채운 x (N, T, D), 길이 (N,)."""
    N, D, H, T = sizes(rng, 4)
    T = steps or T
    lengths = rng.integers(1, T + 1, N)
    return LSTM(D, H, rng=rng, dtype=np.float64), 3 * rng.normal(size=(N, T, D)), lengths


def final_states(layer, x, lengths):
    """길이가 같은 시퀀스끼리 모아 구한 h, c 각 (N, H)."""
    h, c = np.empty((2, len(x), layer.hidden_size))
    for length in set(lengths.tolist()):
        rows = lengths == length
        h[rows], c[rows] = (part[0] for part in layer(x[rows, :length])[1])
    return h, c


LENGTHS = Part(
    "final_states", padded_batch, final_states, ("h", "c"),
    edges={"T = 1": lambda rng: padded_batch(rng, steps=1),
           "모두 끝까지": lambda rng: (lambda layer, x, n: (layer, x, np.full_like(n, x.shape[1])))(
               *padded_batch(rng))},
    hints={"shape": "h와 c의 모양은 (N, H)입니다. 층의 축은 빼고 돌려주십시오.",
           "value": "짧은 시퀀스의 상태는 그 시퀀스의 마지막 시점에서 멈추어야 합니다."},
    confusions={"채운 값까지 읽었습니다. 시퀀스마다 실제 길이에서 멈추어야 합니다.":
                lambda layer, x, lengths: tuple(part[0] for part in layer(x)[1]),
                "한 시점 일찍 멈추었습니다. 길이가 n이면 마지막 시점은 n - 1번입니다.":
                lambda layer, x, lengths: final_states(layer, x, np.maximum(lengths - 1, 1))})


# -- 한 시점의 역전파 -----------------------------------------------------------------------------

def backward_inputs(rng, *, n=None, size=None):
    """역전파에 들어가는 dh, dc, a, c_prev, w_hh."""
    N, H = sizes(rng, 2)
    N, H = n or N, size or H
    shapes = (N, H), (N, H), (N, 4 * H), (N, H), (4 * H, H)
    return tuple(rng.normal(size=shape) for shape in shapes)


def step_backward(dh, dc, a, c_prev, w_hh):
    """책의 순방향을 중앙 차분으로 미분한 da, dh_prev, dc_prev."""
    def loss(a, h, c):
        h_next, c_next = from_activations(a, h, c, w_hh)
        return (dh * h_next).sum() + (dc * c_next).sum()

    h = np.zeros_like(c_prev)
    return (numerical_gradient(lambda v: loss(v, h, c_prev), a),
            numerical_gradient(lambda v: loss(a, v, c_prev), h),
            numerical_gradient(lambda v: loss(a, h, v), c_prev))


BACKWARD = Part(
    "step_backward", backward_inputs, step_backward, ("da", "dh_prev", "dc_prev"),
    edges={"N = 1": lambda rng: backward_inputs(rng, n=1),
           "H = 1": lambda rng: backward_inputs(rng, size=1)},
    hints={"da": "활성화 함수의 미분을 곱했습니까? σ' = σ(1 - σ), tanh' = 1 - tanh²입니다.",
           "dh_prev": "h_prev는 게이트 셋과 후보에 모두 들어갑니다. da의 네 부분을 모두 썼습니까?",
           "dc_prev": "c_next = f · c_prev + i · g입니다. c_prev에는 무엇이 곱해져 있습니까?",
           "shape": "da는 a와, dh_prev와 dc_prev는 c_prev와 모양이 같습니다.",
           "error": "순방향에서는 w_hh를 전치해 곱하고, 역전파에서는 그대로 곱합니다."},
    confusions={
        "은닉 상태에서 온 기울기만 있습니다. 다음 시점의 셀 상태에서 온 dc를 더하십시오.":
            lambda dh, dc, a, c_prev, w_hh: step_backward(dh, 0 * dc, a, c_prev, w_hh),
        "셀 상태에서 온 dc만 있습니다. dh에서 o · tanh(c)를 거쳐 오는 기울기를 더하십시오.":
            lambda dh, dc, a, c_prev, w_hh: step_backward(0 * dh, dc, a, c_prev, w_hh)}, rtol=1e-6)


# -- 사영이 있는 LSTM(Sak, Senior & Beaufays, 2014) ------------------------------------------------

def projection_inputs(rng, *, n=None):
    """x, r, c와 가중치 넷."""
    N, D, H, P = sizes(rng, 4)
    N = n or N
    shapes = (N, D), (N, P), (N, H), (4 * H, D), (4 * H, P), (4 * H,), (P, H)
    return tuple(rng.normal(size=shape) for shape in shapes)


def projected_step(x, r, c, w_ih, w_hh, b, w_hr):
    """[x, r]을 입력 하나로 이어 책의 셀에 넣고, 나온 h를 사영한다."""
    H = c.shape[1]
    joined, weights = np.concatenate([x, r], axis=1), np.concatenate([w_ih, w_hh], axis=1)
    h, c = our_step(joined, np.zeros_like(c), c, weights, np.zeros((4 * H, H)), b, np.zeros(4 * H))
    return h @ w_hr.T, c


def projection_gradients(rng, *, n=None):
    """dr, dc와 projected_step의 인자들."""
    args = projection_inputs(rng, n=n)
    return (rng.normal(size=args[1].shape), rng.normal(size=args[2].shape), *args)


def projected_step_backward(dr, dc, x, r, c, w_ih, w_hh, b, w_hr):
    """projected_step을 중앙 차분한 dx, dr_prev, dc_prev, dw_hr."""
    args = [x, r, c, w_ih, w_hh, b, w_hr]

    def gradient(k):
        def loss(value):
            r_next, c_next = projected_step(*args[:k], value, *args[k + 1:])
            return (dr * r_next).sum() + (dc * c_next).sum()

        return numerical_gradient(loss, args[k])

    return gradient(0), gradient(1), gradient(2), gradient(6)


PROJECTION = (
    Part("projected_step", projection_inputs, projected_step, ("r", "c"),
         edges={"N = 1": lambda rng: projection_inputs(rng, n=1)},
         hints={"shape": "r은 (N, P), c는 (N, H)입니다. 사영은 은닉 상태에만 합니다.",
                "value": "게이트에는 h가 아니라 사영한 r이 들어갑니다."}),
    Part("projected_step_backward", projection_gradients, projected_step_backward,
         ("dx", "dr_prev", "dc_prev", "dw_hr"),
         edges={"N = 1": lambda rng: projection_gradients(rng, n=1)},
         hints={"value": "사영을 거슬러 dr에서 dh를 구하십시오. 그다음은 LSTM과 같습니다.",
                "shape": "기울기의 모양은 그 변수의 모양과 같습니다."}, rtol=1e-6))


EXERCISES = (
    Exercise("lstm/cell-update", "셀 상태 갱신", 5, 10, "lstm/index", (CELL_UPDATE,)),
    Exercise("lstm/parameter-count", "매개변수의 수", 5, 15, "lstm/scratch", (COUNT,)),
    Exercise("lstm/forget-bias", "기억의 반감기", 5, 15, "lstm/experiments", (FORGET_BIAS,)),
    Exercise("lstm/gradient-path", "곧은 길의 기울기", 10, 20, "lstm/experiments", (PATH,)),
    Exercise("lstm/step", "LSTM의 한 시점", 10, 25, "lstm/scratch", (STEP,)),
    Exercise("lstm/chunks", "나누어 읽기", 10, 30, "lstm/scratch", (CHUNKS,)),
    Exercise("lstm/lengths", "길이가 다른 시퀀스", 15, 40, "lstm/scratch", (LENGTHS,)),
    Exercise("lstm/step-backward", "한 시점의 역전파", 20, 60, "lstm/scratch", (BACKWARD,)),
    Exercise("lstm/projection", "사영이 있는 LSTM", 30, 150, "lstm/scratch", PROJECTION),
)
