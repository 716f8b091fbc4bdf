"""기울기가 시간을 거슬러 가며 얼마나 남는지 보는 그림: RNN과 LSTM."""

import numpy as np

from .figure import COLORS, INK, LINE, SOFT, Figure, drawing, path, text
from .mulberry import mulberry

INPUT_SIZE = 16
FLOOR, CEILING = 1e-24, 1e12  # 그림에 담는 범위
WARMUP = 100     # 먼저 읽기만 하는 시점 수: 상태가 0에 가까우면 기울기가 유난히 커진다


def uniform(draw, shape, bound):
    """-bound와 bound 사이의 난수 배열."""
    values = [bound * (2 * draw() - 1) for _ in range(int(np.prod(shape)))]
    return np.array(values).reshape(shape)


def sigmoid(a):
    """성분마다의 시그모이드."""
    return 1 / (1 + np.exp(-a))


class GradientPath(Figure):
    """무작위 RNN과 LSTM에 기울기를 거꾸로 흘려보내고, 시점마다 그 크기를 구한다.

    steps: 시점 수. radius: RNN 순환 가중치의 스펙트럼 반지름(가장 큰 고윳값의 크기).
    forget_bias: LSTM 망각 게이트의 편향. 마지막 시점의 기울기를 1로 본다.
    steps가 2보다 작거나 400보다 크면 ValueError.
    """

    stem = "gradient_path"

    def __init__(self, steps=100, hidden_size=64, *, radius=0.9, forget_bias=1.0, seed=4):
        if not 2 <= steps <= 400:
            raise ValueError(f"steps는 2 이상 400 이하여야 합니다: 받은 값 {steps}")
        self.steps, self.hidden_size, self.seed = int(steps), int(hidden_size), int(seed)
        self.radius, self.forget_bias = float(radius), float(forget_bias)

    def __repr__(self):
        return (f"GradientPath(steps={self.steps}, radius={self.radius:g}, "
                f"forget_bias={self.forget_bias:g})")

    def weights(self):
        """시드에서 나온 가중치와 입력. 자바스크립트도 같은 차례로 뽑는다."""
        draw, H, bound = mulberry(self.seed), self.hidden_size, self.hidden_size ** -0.5
        return {
            "rnn_hh": uniform(draw, (H, H), 1.0),
            "rnn_ih": uniform(draw, (H, INPUT_SIZE), bound),
            "lstm_hh": uniform(draw, (4 * H, H), bound),
            "lstm_ih": uniform(draw, (4 * H, INPUT_SIZE), bound),
            "goal": uniform(draw, (H,), 1.0),
            "x": uniform(draw, (WARMUP + self.steps, INPUT_SIZE), 3**0.5),  # 분산 1
        }

    def natural_radius(self):
        """뽑은 그대로의 RNN 순환 가중치의 스펙트럼 반지름."""
        return float(np.abs(np.linalg.eigvals(self.weights()["rnn_hh"])).max())

    def curves(self):
        """거슬러 간 시점 수 k마다의 기울기 크기: "rnn"은 ‖dh‖, "lstm"은 ‖dc‖, 모양 (steps,)."""
        w = self.weights()
        w["rnn_hh"] *= self.radius / self.natural_radius()
        rnn, lstm = rnn_norms(w), lstm_norms(w, self.forget_bias)
        return {"rnn": rnn / rnn[0], "lstm": lstm / lstm[0]}

    def settings(self):
        return {"steps": self.steps, "hidden": self.hidden_size, "inputs": INPUT_SIZE,
                "seed": self.seed, "radius": self.radius, "forgetBias": self.forget_bias,
                "naturalRadius": self.natural_radius()}

    def svg(self):
        curves = self.curves()
        left, right, top, bottom = 70, 590, 24, 300
        low, high = np.log10(FLOOR), np.log10(CEILING)

        def line(norms):
            height = (np.log10(np.clip(norms, FLOOR, CEILING)) - low) / (high - low)
            across = left + (right - left) * np.arange(len(norms)) / (len(norms) - 1)
            y = bottom - (bottom - top) * height
            points = zip(across, y, strict=True)
            return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points), y[-1]

        parts = [path(f"M{left} {top}V{bottom}H{right}", stroke=LINE)]
        for exponent in range(-24, 13, 6):
            y = bottom - (bottom - top) * (exponent - low) / (high - low)
            parts.append(path(f"M{left} {y:.1f}H{right}", stroke=LINE, width=0.4))
            label = "1" if exponent == 0 else f"10{raised(exponent)}"
            parts.append(text(left - 8, y + 4, label, size=12, fill=SOFT, anchor="end"))
        (rnn, rnn_end), (lstm, lstm_end) = line(curves["rnn"]), line(curves["lstm"])
        apart = 9 if abs(rnn_end - lstm_end) < 18 else 0
        above = 1 if rnn_end > lstm_end else -1
        for name, color, d, y in (("RNN", COLORS["red"], rnn, rnn_end + apart * above),
                                  ("LSTM", COLORS["o"], lstm, lstm_end - apart * above)):
            parts.append(path(d, stroke=color, width=2.5))
            parts.append(text(right + 8, y + 5, name, fill=color, weight=600))
        label = f"거슬러 간 시점 수 (0 … {self.steps - 1})"
        middle = (left + right) / 2
        parts.append(text(middle, bottom + 30, label, size=13, fill=INK, anchor="middle"))
        title = (f"{self.steps - 1}시점을 거슬러 간 뒤에 남은 기울기의 크기: "
                 f"RNN {curves['rnn'][-1]:.1e}, LSTM {curves['lstm'][-1]:.1e}")
        return drawing(660, 345, title, *parts)


def raised(number):
    """위첨자로 적은 정수."""
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def rnn_norms(w):
    """h_t = tanh(W x_t + U h)를 앞으로 펼치고 dh를 거꾸로 흘린다."""
    h, slopes = np.zeros(len(w["goal"])), []
    for x in w["x"]:
        h = np.tanh(w["rnn_ih"] @ x + w["rnn_hh"] @ h)
        slopes.append(1 - h**2)
    dh, norms = w["goal"], []
    for slope in reversed(slopes[WARMUP:]):
        norms.append(np.linalg.norm(dh))
        dh = w["rnn_hh"].T @ (slope * dh)
    return np.array(norms)


def lstm_norms(w, forget_bias):
    """LSTM을 앞으로 펼치고 (dh, dc)를 거꾸로 흘려 dc의 크기를 구한다.

    은닉 상태를 거쳐 돌아가는 길의 기울기도 더한다.
    """
    H = len(w["goal"])
    h, c, steps = np.zeros(H), np.zeros(H), []
    for x in w["x"]:
        i, f, g, o = np.split(w["lstm_ih"] @ x + w["lstm_hh"] @ h, 4)
        i, f, g, o = sigmoid(i), sigmoid(f + forget_bias), np.tanh(g), sigmoid(o)
        before, c = c, f * c + i * g
        squeezed = np.tanh(c)
        h = o * squeezed
        steps.append((i, f, g, o, before, squeezed))
    dh, dc, norms = w["goal"], np.zeros(H), []
    for i, f, g, o, before, squeezed in reversed(steps[WARMUP:]):
        dc = dc + dh * o * (1 - squeezed**2)
        norms.append(np.linalg.norm(dc))
        da = np.concatenate([dc * g * i * (1 - i), dc * before * f * (1 - f),
                             dc * i * (1 - g**2), dh * squeezed * o * (1 - o)])
        dh, dc = w["lstm_hh"].T @ da, dc * f
    return np.array(norms)
