"""게이트 탐색기: 값이 LSTM 셀 하나를 지나가는 모습."""

from math import exp, tanh

from .figure import COLORS, INK, LINE, SOFT, Figure, drawing, path, sub, text

NAMES = {"f": "망각 게이트", "i": "입력 게이트", "g": "후보", "o": "출력 게이트"}
PAPER = {  # 책에서 손으로 계산하는 셀: 게이트마다 (입력 가중치, 순환 가중치, 편향)
    "i": (1.0, -2.0, 0.0), "f": (1.0, 0.0, 1.0), "g": (0.5, 1.0, 0.0), "o": (0.5, 1.0, 0.0),
}


def sigmoid(a):
    """수 하나의 시그모이드. 큰 음수에서도 넘치지 않는다."""
    return 1 / (1 + exp(-a)) if a >= 0 else exp(a) / (1 + exp(a))


class GateExplorer(Figure):
    """은닉 상태의 길이가 1인 LSTM 셀. 막대로 입력과 상태와 편향을 바꾼다.

    x, h, c: 이번 입력, 앞 은닉 상태, 앞 셀 상태.
    weights: {"i": (w, u, b), "f": ..., "g": ..., "o": ...}이고 a = w*x + u*h + b.
    게이트의 이름이 다르면 ValueError.
    """

    stem = "gate_explorer"

    def __init__(self, x=1.0, h=0.5, c=2.0, weights=None):
        weights = PAPER if weights is None else weights
        if set(weights) != set(NAMES):
            raise ValueError(f"weights에는 i, f, g, o가 있어야 합니다: 받은 것 {sorted(weights)}")
        self.x, self.h, self.c = float(x), float(h), float(c)
        self.weights = {gate: tuple(map(float, weights[gate])) for gate in "ifgo"}

    def __repr__(self):
        return f"GateExplorer(x={self.x:g}, h={self.h:g}, c={self.c:g}, weights={self.weights})"

    def values(self):
        """셀의 한 시점: 게이트 i f o, 후보 g, 새 상태 c h."""
        a = {gate: w * self.x + u * self.h + b for gate, (w, u, b) in self.weights.items()}
        gates = {gate: tanh(a[gate]) if gate == "g" else sigmoid(a[gate]) for gate in "ifgo"}
        c = gates["f"] * self.c + gates["i"] * gates["g"]
        return {**gates, "c": c, "h": gates["o"] * tanh(c)}

    def settings(self):
        return {"x": self.x, "h": self.h, "c": self.c, "weights": self.weights}

    def svg(self):
        now = self.values()
        at = {"f": 100, "i": 250, "g": 400, "o": 560}
        parts = [path("M70 50H600", stroke=INK, width=3), path("M325 140V50", stroke=INK),
                 path("M560 50V150H600", stroke=INK)]
        for gate, x in at.items():
            goal = {"f": (100, 50), "o": (560, 150)}.get(gate, (325, 140))
            parts.append(path(f"M{x} 210V{goal[1]}H{goal[0]}", stroke=COLORS[gate], width=2))
            parts.append(path(f"M{x - 55} 210h110v58h-110z", stroke=COLORS[gate], width=2))
            parts.append(text(x, 234, NAMES[gate], anchor="middle", fill=COLORS[gate]))
            parts.append(text(x, 257, f"{now[gate]:.2f}", anchor="middle", size=16, weight=600))
            parts.append(path(f"M{x} 268V310"))
        for x, y, sign in ((100, 50, "×"), (325, 50, "+"), (325, 140, "×"), (560, 150, "×")):
            parts.append(f'<circle cx="{x}" cy="{y}" r="13" '
                         f'style="fill:var(--fig-paper,Canvas);stroke:{INK}"/>')
            parts.append(text(x, y + 5, sign, anchor="middle", size=16))
        parts += [
            path("M70 310H560", stroke=LINE),
            text(64, 55, f"{sub('c', 't−1')} = {self.c:.2f}", anchor="end"),
            text(606, 55, f"{sub('c', 't')} = {now['c']:.2f}", weight=600),
            text(606, 155, f"{sub('h', 't')} = {now['h']:.2f}", weight=600),
            text(64, 306, f"{sub('x', 't')} = {self.x:.2f}", anchor="end", fill=SOFT),
            text(64, 326, f"{sub('h', 't−1')} = {self.h:.2f}", anchor="end", fill=SOFT),
            text(570, 100, "tanh", size=13, fill=SOFT),
        ]
        title = (f"LSTM 셀의 한 시점: 망각 게이트 {now['f']:.2f}, 입력 게이트 {now['i']:.2f}, "
                 f"후보 {now['g']:.2f}, 출력 게이트 {now['o']:.2f}. "
                 f"셀 상태 {self.c:.2f} → {now['c']:.2f}, 은닉 상태 {now['h']:.2f}")
        return drawing(720, 340, title, *parts, left=30)
