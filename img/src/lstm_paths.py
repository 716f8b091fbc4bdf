"""기울기가 지나는 길: RNN은 시점마다 행렬과 tanh, LSTM은 시점마다 f 하나."""

from itertools import pairwise

SIZE = 680, 330
TITLE = "기울기가 지나는 길"
DESCRIPTION = (
    "RNN에서는 기울기가 한 시점을 거슬러 갈 때마다 순환 가중치와 tanh의 미분을 지난다. "
    "LSTM의 셀 상태에는 망각 게이트만 곱해지고, 게이트를 거쳐 돌아가는 길이 따로 있다."
)

XS = [130, 270, 410, 550]


def draw(d):
    d.text(20, 30, "RNN", anchor="start", weight=700, size=16)
    for k, x in enumerate(XS):
        d.circle(x, 80, 22, fill="panel")
        d.symbol(x, 85, "h", str(k + 1), size=17)
    for x0, x1 in pairwise(XS):
        d.path((x1 - 23, 80), (x0 + 25, 80), stroke="red")
        d.text((x0 + x1) / 2 + 10, 66, "· tanh′", size=13, fill="red")
        d.symbol((x0 + x1) / 2 - 24, 66, "W", "hh", size=14, fill="red")
    d.text(
        (XS[0] + XS[-1]) / 2,
        128,
        "거슬러 갈 때마다 행렬과 tanh의 미분이 곱해집니다.",
        size=14,
        fill="soft",
    )

    d.text(20, 180, "LSTM", anchor="start", weight=700, size=16)
    for k, x in enumerate(XS):
        d.circle(x, 210, 22, fill="panel")
        d.symbol(x, 215, "c", str(k + 1), size=17)
        d.circle(x, 276, 16, fill="panel", stroke="line")
        d.symbol(x, 281, "h", str(k + 1), size=14)
    for k, (x0, x1) in enumerate(pairwise(XS)):
        d.path((x1 - 23, 210), (x0 + 25, 210), stroke="blue", width=3.4)
        d.symbol((x0 + x1) / 2, 198, "f", str(k + 2), size=16, fill="blue")
        d.path((x1 - 16, 228), (x0 + 18, 270), stroke="line", dash="4 4", width=1.4)
        d.path((x0, 259), (x0, 234), stroke="line", dash="4 4", width=1.4)
    d.text(
        (XS[0] + XS[-1]) / 2,
        318,
        "굵은 화살표에서는 f만 곱해집니다. 점선은 게이트를 거쳐 돌아가는 길입니다.",
        size=14,
        fill="soft",
    )
