"""그래프를 그리는 함수들. 모두 Axes를 돌려준다.

이 모듈을 불러오면 패키지에 든 한글 글꼴이 matplotlib의 기본 글꼴이 된다. 그래서 한글 글꼴이
없는 Colab에서도 글자가 네모로 깨지지 않는다. 배경은 투명하고 글자와 눈금은 중간 회색이라
화면이 밝든 어둡든 읽을 수 있다.
"""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import LinearSegmentedColormap

FONT = Path(__file__).parent / "data" / "RnnbookSans.ttf"
INK = "#757575"  # 흰 바탕과 검은 바탕에서 대비가 똑같이 4.6 : 1
COLOURS = ["#2b7bd6", "#d9541e", "#1c8f63", "#a45bbd", "#a67c00", "#c9407d"]
# 음수는 주황, 0은 회색, 양수는 파랑
SIGNED = LinearSegmentedColormap.from_list("rnnbook", ["#d9541e", "#e3e3e3", "#2b7bd6"])

font_manager.fontManager.addfont(str(FONT))
FAMILY = font_manager.FontProperties(fname=str(FONT)).get_name()
STYLE = {
    "font.family": FAMILY,
    "mathtext.fontset": "custom",  # 수식의 숫자와 부호도 같은 글꼴로, 변수는 기울임꼴로
    "mathtext.rm": FAMILY,
    "mathtext.it": "STIXGeneral:italic",
    "mathtext.bf": "STIXGeneral:bold",
    "mathtext.cal": "STIXGeneral:italic",
    "mathtext.tt": FAMILY,
    "mathtext.sf": FAMILY,
    "mathtext.fallback": "stix",
    "figure.figsize": (6.4, 3.6),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": INK,
    "grid.alpha": 0.2,
    "axes.axisbelow": True,
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "lines.linewidth": 1.8,
}
mpl.rcParams.update(STYLE)


def _axes(ax, **size):
    return plt.subplots(**size)[1] if ax is None else ax


def losses(histories, *, unit=None, ax=None):
    """에포크마다의 손실을 그린다. histories는 {이름: History}이거나 History 하나다.

    학습 손실은 실선, 검증 손실은 점선이다. 단위를 바꾸려면 unit에 (세로축 이름, 함수)를 준다.
    둘 다 아니면 TypeError.
    """
    if hasattr(histories, "train"):
        histories = {"": histories}
    _check_named(histories, "histories")
    label, convert = unit or ("손실(nat)", float)
    ax = _axes(ax)
    for colour, (name, history) in zip(_colours(len(histories)), histories.items(), strict=True):
        for values, kind, line in ((history.train, "학습", "-"), (history.valid, "검증", "--")):
            if values:
                epochs = np.arange(1, len(values) + 1)
                text = f"{name} {kind}".strip()
                ax.plot(epochs, [convert(v) for v in values], line, color=colour, label=text)
    ax.set(xlabel="에포크", ylabel=label)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return ax


def gradient_norms(norms, *, ax=None):
    """손실에서 멀어질수록 기울기가 얼마나 작아지는지 그린다.

    norms는 {이름: (T,) 배열}이고, 배열의 t번째 값은 손실에서 t시점 앞의 기울기 크기다.
    세로축이 로그 눈금이라 0은 그리지 않는다. dict가 아니면 TypeError.
    """
    _check_named(norms, "norms")
    ax = _axes(ax)
    for colour, (name, values) in zip(_colours(len(norms)), norms.items(), strict=True):
        values = np.asarray(values, dtype=float)
        steps = np.arange(len(values))
        ax.plot(steps[values > 0], values[values > 0], color=colour, label=name)
    ax.set(yscale="log", xlabel="손실에서 거슬러 올라간 시점 수", ylabel="기울기의 크기")
    ax.legend()
    return ax


def rank_frequencies(counts, *, ax=None):
    """순위와 횟수를 로그 눈금에 그린다. counts는 {이름: (V,) 큰 것부터 늘어놓은 횟수}다.

    dict가 아니면 TypeError.
    """
    _check_named(counts, "counts")
    ax = _axes(ax)
    for colour, (name, values) in zip(_colours(len(counts)), counts.items(), strict=True):
        ax.plot(np.arange(1, len(values) + 1), values, color=colour, label=name)
    ax.set(xscale="log", yscale="log", xlabel="순위", ylabel="횟수")
    ax.legend()
    return ax


def states(values, text, *, units=None, ax=None):
    """글자마다 상태의 값을 색으로 나타낸다. values (T, H), text는 글자 T개.

    가로축은 글자, 세로축은 상태의 성분이다. units는 보일 성분의 번호다(None이면 모두).
    글자의 수와 T가 다르거나 없는 성분의 번호이면 ValueError.
    """
    values = np.asarray(values)
    if values.ndim != 2 or len(values) != len(text):
        raise ValueError(
            "values의 모양은 (글자 수, 성분 수)여야 합니다: "
            f"글자 {len(text)}개, 받은 모양 {values.shape}"
        )
    width = values.shape[1]
    units = range(width) if units is None else list(units)
    if not all(0 <= unit < width for unit in units):
        raise ValueError(f"성분의 번호는 0 이상 {width} 미만이어야 합니다: 받은 번호 {units}")
    width = min(16, max(4, 0.24 * len(text) + 1.4))
    ax = _axes(ax, figsize=(width, 0.24 * len(units) + 1.2))
    limit = float(np.abs(values).max()) or 1.0
    shown = values[:, list(units)].T
    image = ax.imshow(shown, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    ax.set_xticks(range(len(text)), [{" ": "·", "\n": "↵"}.get(c, c) for c in text])
    ax.set_yticks(range(len(units)), [str(u) for u in units])
    ax.set(ylabel="성분")
    ax.grid(False)
    ax.tick_params(length=0)
    ax.figure.colorbar(image, ax=ax, label="상태의 값")
    return ax


def bars(values, *, errors=None, label=None, ax=None):
    """이름마다 값 하나를 가로 막대로 그린다. values는 {이름: 값}, errors는 {이름: 오차}다.

    dict가 아니면 TypeError, 이름이 서로 다르면 ValueError.
    """
    _check_named(values, "values")
    if errors is not None and errors.keys() != values.keys():
        raise ValueError(
            "values와 errors의 이름이 같아야 합니다: "
            f"받은 이름 {sorted(values)}, {sorted(errors)}"
        )
    ax = _axes(ax, figsize=(6.4, 0.42 * len(values) + 0.9))
    names = list(values)
    error = None if errors is None else [errors[name] for name in names]
    place = np.arange(len(names))
    ax.barh(place, [values[n] for n in names], xerr=error, color=COLOURS[0], ecolor=INK, height=0.6)
    ax.set_yticks(place, names)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    if label:
        ax.set_xlabel(label)
    return ax


def _check_named(values, what):
    """{이름: 값}인지 확인한다."""
    if not isinstance(values, dict):
        raise TypeError(
            f"{what} 자리에는 {{이름: 값}} 꼴의 dict가 와야 합니다: "
            f"받은 자료형 {type(values).__name__}"
        )


def _colours(count):
    return [COLOURS[i % len(COLOURS)] for i in range(count)]
