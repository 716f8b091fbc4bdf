"""LSTM 셀의 한 시점: 위쪽 길은 셀 상태, 아래쪽 길은 은닉 상태."""

SIZE = 680, 380
TITLE = "LSTM 셀의 한 시점"
DESCRIPTION = (
    "앞 셀 상태가 위쪽 곧은 길로 들어와 망각 게이트와 곱해지고, 입력 게이트와 후보를 곱한 것이 "
    "더해져 새 셀 상태가 된다. 새 셀 상태에 tanh를 씌우고 출력 게이트를 곱하면 은닉 상태가 된다. "
    "게이트 셋과 후보는 모두 입력과 앞 은닉 상태를 본다."
)

ROAD, GATE, BUS = 80, 228, 300  # y: 셀 상태의 길, 게이트 상자, 입력이 모이는 길
COLUMNS = {"f": 170, "i": 290, "g": 380, "o": 500}
GATES = {
    "f": ("σ", "망각 게이트", "orange"),
    "i": ("σ", "입력 게이트", "green"),
    "g": ("tanh", "후보", "purple"),
    "o": ("σ", "출력 게이트", "blue"),
}


def draw(d):
    d.box(80, 36, 520, 300, fill="panel", radius=14)
    mix = (COLUMNS["i"] + COLUMNS["g"]) / 2

    # 셀 상태의 곧은 길
    d.path((20, ROAD), (COLUMNS["f"] - 14, ROAD), width=3.2, sym="cprev")
    d.path((COLUMNS["f"] + 13, ROAD), (mix - 14, ROAD), width=3.2, sym="f cprev")
    d.path((mix + 13, ROAD), (664, ROAD), width=3.2, sym="c")
    d.symbol(38, ROAD - 14, "c", "t−1", sym="cprev")
    d.symbol(628, ROAD - 16, "c", "t", sym="c")

    # 앞 은닉 상태와 입력이 모여 게이트 셋과 후보로
    d.path((20, BUS), (COLUMNS["o"], BUS), arrow=False, sym="hprev")
    d.path((110, 372), (110, BUS), arrow=False, sym="x")
    d.symbol(38, BUS - 12, "h", "t−1", sym="hprev")
    d.symbol(92, 366, "x", "t", anchor="end", sym="x")
    for name, x in COLUMNS.items():
        kind, label, tint = GATES[name]
        d.path((x, BUS), (x, GATE + 22), width=1.4, sym="hprev x")
        d.box(x - 34, GATE - 20, 68, 40, fill="paper", stroke=tint, sym=name)
        d.text(x, GATE + 5, kind, size=15, fill=tint, weight=600, sym=name)
        d.text(x, BUS + 24, label, size=13, fill=tint, weight=600, sym=name)

    # 지우기, 더하기
    d.path((COLUMNS["f"], GATE - 20), (COLUMNS["f"], ROAD + 15), stroke="orange", sym="f")
    d.operator(COLUMNS["f"], ROAD, "×", stroke="orange", sym="f")
    d.path((COLUMNS["i"], GATE - 20), (COLUMNS["i"], 160), (mix - 14, 160), stroke="green", sym="i")
    d.path(
        (COLUMNS["g"], GATE - 20), (COLUMNS["g"], 160), (mix + 14, 160), stroke="purple", sym="g"
    )
    d.operator(mix, 160, "×", stroke="green", sym="i g")
    d.path((mix, 147), (mix, ROAD + 15), stroke="green", sym="i g")
    d.operator(mix, ROAD, "+", stroke="green", sym="c")
    for name, dx, dy in (("f", 16, 0), ("i", -14, 0), ("g", 14, 0), ("o", 16, 0)):
        d.symbol(COLUMNS[name] + dx, 192 + dy, name, "t", size=16, fill=GATES[name][2], sym=name)

    # 내보내기
    d.path((560, ROAD), (560, 126), sym="c")
    d.box(530, 128, 60, 32, fill="paper", stroke="ink", radius=16, sym="h")
    d.text(560, 149, "tanh", size=14, sym="h")
    d.path((560, 160), (560, 183), arrow=False, sym="h")
    d.path((560, 183), (560, GATE - 15), sym="h")
    d.path((COLUMNS["o"] + 34, GATE), (560 - 15, GATE), stroke="blue", sym="o")
    d.operator(560, GATE, "×", stroke="blue", sym="o h")
    d.path((560, GATE + 13), (560, BUS), (664, BUS), sym="h")
    d.symbol(640, BUS - 12, "h", "t", sym="h")
