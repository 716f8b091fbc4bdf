"""배열의 모양: 사영은 한 번에, 순환은 시점마다."""

SIZE = 680, 250
TITLE = "LSTM 층에서 배열의 모양"
DESCRIPTION = (
    "입력 (N, T, D)를 행렬곱 한 번으로 (4, T, N, H)로 바꾸고, 시점마다 (4, N, H) 한 장씩 꺼내 "
    "앞 은닉 상태와의 곱을 더한 뒤 한 시점을 계산한다. 은닉 상태를 모으면 출력 (N, T, H)가 된다."
)


def draw(d):
    d.box(20, 60, 120, 96, fill="panel")
    d.text(80, 100, "입력 x", weight=600)
    d.text(80, 124, "(N, T, D)", size=15, fill="soft")
    d.path((142, 108), (226, 108), stroke="green", width=2.4)
    d.text(184, 94, "한꺼번에", size=13, fill="green")

    for k in range(4):
        d.box(230 + 12 * k, 44 + 12 * (3 - k), 120, 80, fill="paper", stroke="green")
    d.text(326, 84, "a", weight=600)
    d.text(326, 106, "(4, T, N, H)", size=14, fill="soft")
    d.text(268, 186, "맨 앞 축: 게이트 셋과 후보", size=13, fill="soft")

    d.path((392, 92), (466, 92), stroke="blue", width=2.4)
    d.text(429, 78, "시점마다", size=13, fill="blue")
    d.box(470, 52, 90, 80, fill="panel", stroke="blue")
    d.text(515, 84, "셀", weight=600)
    d.text(515, 106, "(4, N, H)", size=14, fill="soft")
    d.path((515, 132), (515, 184), (450, 184), (450, 118), (468, 118), stroke="blue")
    d.text(484, 206, "h를 다음 시점으로(시점마다 하는 행렬곱은 이것뿐)", size=13, fill="blue")

    d.path((562, 92), (584, 92))
    d.box(588, 52, 84, 80, fill="panel")
    d.text(630, 84, "출력 y", weight=600)
    d.text(630, 106, "(N, T, H)", size=14, fill="soft")
