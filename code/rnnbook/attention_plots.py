"""어텐션 가중치를 그리는 함수들.

글꼴과 색은 `rnnbook.plots`를 따른다.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from rnnbook import plots
from rnnbook.shapes import check_shape

# 0은 투명, 1은 파랑: 바탕이 밝든 어둡든 값이 클수록 진하다
SHARE = LinearSegmentedColormap.from_list(
    "rnnbook_share", [plots.COLOURS[0] + "00", plots.COLOURS[0]])
SIGNS = {" ": "·", "\n": "↵"}  # 눈에 보이지 않는 글자


def alignment(weights, source, target, *, ax=None):
    """출력의 토큰마다 입력의 어디를 보았는지 색으로 나타낸다.

    weights (T, S)는 어텐션 가중치, source는 입력의 토큰 S개,
    target은 출력의 토큰 T개다. 가로축은 입력, 세로축은 출력이고
    위에서 아래로 읽는다. 진한 칸일수록 많이 본 자리다.
    모양이 토큰의 수와 다르면 ValueError.
    """
    weights = np.asarray(weights)
    if weights.shape != (len(target), len(source)):
        raise ValueError(
            f"weights의 모양은 {(len(target), len(source))}, 곧 "
            f"(출력, 입력)이어야 합니다: 받은 모양 {weights.shape}")
    if ax is None:
        size = (min(16, max(3.2, 0.3 * len(source) + 2)),
                min(16, max(2, 0.3 * len(target) + 0.9)))
        ax = plt.subplots(figsize=size)[1]
    image = ax.imshow(weights, cmap=SHARE, vmin=0, vmax=1)
    long = max(map(len, source)) > 2
    ax.set_xticks(range(len(source)), [SIGNS.get(t, t) for t in source],
                  rotation=60 if long else 0,
                  ha="left" if long else "center", rotation_mode="anchor")
    ax.set_yticks(range(len(target)), [SIGNS.get(t, t) for t in target])
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set(xlabel="입력", ylabel="출력")
    ax.tick_params(length=0)
    ax.grid(False)
    ax.figure.colorbar(image, ax=ax, label="가중치")
    return ax


def glances(image, weights, words, *, columns=5):
    """낱말을 쓸 때마다 그림의 어디를 보았는지 나타낸다.

    image (높이, 너비, 3), weights (T, P), words는 낱말 T개다.
    P는 가로와 세로로 같은 수만큼 나눈 조각의 수다. 첫 칸은 그림
    그대로이고, 다음 칸부터는 적게 본 조각일수록 짙게 가린다.
    Axes의 리스트를 돌려준다. 모양이 다르면 ValueError.
    """
    image, weights = np.asarray(image), np.asarray(weights)
    check_shape(image, "그림", ("높이", "너비", 3))
    side = round(weights.shape[-1] ** 0.5)
    if weights.shape != (len(words), side * side):
        raise ValueError(
            f"weights의 모양은 (낱말 {len(words)}개, 조각의 수)이고 "
            f"조각의 수는 제곱수여야 합니다: 받은 모양 {weights.shape}")
    rows = -(-(len(words) + 1) // columns)
    axes = plt.subplots(rows, columns, squeeze=False,
                        figsize=(1.3 * columns, 1.5 * rows))[1].ravel()
    veil = np.full((side, side, 4), 0.5)  # 회색 가리개
    box = -0.5, image.shape[1] - 0.5, image.shape[0] - 0.5, -0.5
    for ax in axes:
        ax.axis("off")
    for k, ax in enumerate(axes[:len(words) + 1]):
        ax.imshow(image, interpolation="nearest")
        if k:
            share = weights[k - 1] / weights[k - 1].max()
            veil[..., 3] = 0.9 * (1 - share.reshape(side, side))
            ax.imshow(veil, extent=box, interpolation="nearest")
        ax.set_title(words[k - 1] if k else "그림", fontsize=10)
    return list(axes[:len(words) + 1])
