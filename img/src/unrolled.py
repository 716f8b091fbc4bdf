"""순환 신경망의 두 모습: 자기에게 돌아오는 셀 하나, 시점마다 놓인 같은 셀."""

from itertools import pairwise

SIZE = 680, 262
TITLE = "접은 순환 신경망과 편 순환 신경망"
DESCRIPTION = (
    "왼쪽은 입력을 받아 출력을 내고 자기 자신에게 돌아오는 셀 하나이다. "
    "오른쪽은 같은 셀을 시점마다 하나씩 늘어놓은 것으로, 강·아·지를 차례로 읽으며 "
    "다음 글자 아·지·가를 맞힌다. 은닉 상태가 왼쪽 셀에서 오른쪽 셀로 넘어간다."
)

MIDDLE, TOP, BOTTOM = 130, 36, 226
XS = [290, 440, 590]


def cell(d, x, sub, word, answer):
    d.box(x - 34, MIDDLE - 26, 68, 52, fill="paper", stroke="blue", radius=12)
    d.symbol(x, MIDDLE + 6, "h", sub, size=20, fill="blue")
    d.path((x, BOTTOM - 22), (x, MIDDLE + 30))
    d.path((x, MIDDLE - 27), (x, TOP + 24))
    for y, letter, tone in ((BOTTOM, word, "ink"), (TOP, answer, "orange")):
        if len(letter) == 1 and letter.isascii():
            d.symbol(x, y + 6, letter, "t", size=20, fill=tone)
        else:
            d.text(x, y + 8, letter, size=22, fill=tone, weight=600)


def draw(d):
    cell(d, 90, "t", "x", "y")
    d.path((125, MIDDLE), (156, MIDDLE), (156, MIDDLE + 62), (24, MIDDLE + 62), (24, MIDDLE),
           (53, MIDDLE), stroke="blue", width=2.6)
    d.text(204, MIDDLE + 9, "=", size=26, fill="soft")
    for k, (x, word, answer) in enumerate(zip(XS, "강아지", "아지가", strict=True), 1):
        cell(d, x, str(k), word, answer)
    for x0, x1 in pairwise(XS):
        d.path((x0 + 35, MIDDLE), (x1 - 38, MIDDLE), stroke="blue", width=2.6)
    d.path((228, MIDDLE), (252, MIDDLE), stroke="blue", width=2.6)
    d.path((625, MIDDLE), (662, MIDDLE), stroke="blue", width=2.6)
