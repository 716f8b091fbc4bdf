"""Plots return Axes, speak Korean everywhere, and never draw an empty box for a letter."""

import importlib
import re

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from rnnbook import datasets, plots
from rnnbook.trainer import History

H = History([6.0, 5.0, 4.5], [5.5, 5.1, 4.9], [0.1] * 3)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def draw(ax):
    """Render; with pytest's warnings as errors a missing glyph cannot pass."""
    ax.figure.canvas.draw()
    return ax


def texts(ax):
    found = ax.figure.findobj(mpl.text.Text)
    return [t.get_text() for t in found if t.get_text() and t.get_visible()]


def test_missing_glyph_is_an_error():
    ax = plots.bars({"뷁": 1.0})
    draw(ax)
    ax.set_title("\N{CJK UNIFIED IDEOGRAPH-4E00}")
    with pytest.raises(UserWarning, match="missing from font"):
        draw(ax)


def test_the_bundled_font_is_the_one_used():
    name = plots.FAMILY
    assert name == "Rnnbook Sans"
    assert mpl.rcParams["font.family"] == [name]
    found = font_manager.findfont(name, fallback_to_default=False)
    assert found == str(plots.FONT)
    face = FT2Font(str(plots.FONT))
    assert "Pretendard" not in face.family_name  # a reserved name (OFL 1.1, 3)
    licence = plots.FONT.with_suffix(".OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name Pretendard" in licence


def test_font_has_every_letter_that_the_book_plots():
    known = set(FT2Font(str(plots.FONT)).get_charmap())
    codes = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    ks_x_1001 = {pair.decode("euc_kr") for pair in codes}
    assert len(ks_x_1001) == 2350
    jamo = {chr(c) for c in range(0x3131, 0x3164)}
    signs = set("−±×÷·…“”‘’αβγδσθλμΔΣ∂∑√∞≈≠≤≥←→↵²³₀₁₂ₜ")
    stories = set(datasets.load("stories").text) - {"\n"}
    missing = {c for c in ks_x_1001 | jamo | signs | stories if ord(c) not in known}
    assert not missing


def test_package_data_is_small():
    files = [p for p in plots.FONT.parent.iterdir() if p.is_file()]
    assert plots.FONT.stat().st_size <= 700_000
    assert sum(p.stat().st_size for p in files) <= 2_000_000


def test_losses():
    ax = draw(plots.losses({"RNN": H, "LSTM": History([5.0, 4.0], [], [0.1] * 2)}))
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["RNN 학습", "RNN 검증", "LSTM 학습"]
    assert ax.get_xlabel() == "에포크"
    assert ax.get_ylabel() == "손실(nat)"
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), H.valid)
    one = draw(plots.losses(H, unit=("글자당 비트", lambda loss: 2 * loss)))
    assert [t.get_text() for t in one.get_legend().get_texts()] == ["학습", "검증"]
    np.testing.assert_array_equal(one.lines[0].get_ydata(), [12, 10, 9])
    assert one.get_ylabel() == "글자당 비트"


def test_gradient_norms():
    ax = draw(plots.gradient_norms({"RNN": 0.5 ** np.arange(2000), "LSTM": np.ones(2000)}))
    assert ax.get_yscale() == "log"
    assert all((line.get_ydata() > 0).all() for line in ax.lines)
    assert len(ax.lines[0].get_ydata()) < 2000  # underflow is left out, not drawn


def test_rank_frequencies_start_at_rank_one():
    ax = draw(plots.rank_frequencies({"음절": [900, 30, 1], "음절 둘": [5, 1]}))
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 900], [2, 30], [3, 1]])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["음절", "음절 둘"]


def test_states_put_letters_under_their_columns():
    text = "“여우야,\n왜?”"
    values = np.random.default_rng(0).normal(size=(len(text), 5))
    ax = draw(plots.states(values, text, units=[3, 1]))
    assert [t.get_text() for t in ax.get_xticklabels()] == list("“여우야,↵왜?”")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["3", "1"]
    np.testing.assert_array_equal(ax.images[0].get_array(), values[:, [3, 1]].T)
    low, high = ax.images[0].get_clim()
    assert low == -high  # the middle colour is zero
    draw(plots.states(np.zeros((2, 3)), "가 "))
    with pytest.raises(ValueError, match=r"글자 2개, 받은 모양 \(3, 5\)"):
        plots.states(np.zeros((3, 5)), "가나")


def test_bars_and_the_minus_sign():
    ax = plots.bars({"가": -1.5, "나": 2.0}, errors={"가": 0.1, "나": 0.2}, label="변화")
    assert draw(ax).get_xlabel() == "변화"
    assert any("−" in t for t in texts(ax))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["가", "나"]


def test_given_axes_are_used():
    _, axes = plt.subplots(1, 5)
    calls = [
        lambda ax: plots.losses(H, ax=ax),
        lambda ax: plots.gradient_norms({"RNN": [1, 0.5]}, ax=ax),
        lambda ax: plots.states(np.eye(3), "가나다", ax=ax),
        lambda ax: plots.bars({"가": 1}, ax=ax),
        lambda ax: plots.rank_frequencies({"음절": [2, 1]}, ax=ax),
    ]
    for ax, call in zip(axes, calls, strict=True):
        assert call(ax) is ax


def test_mathematics_beside_korean():
    ax = plots.bars({"값": 1.0})
    ax.set_title(r"$\sigma(z_t) = 10^{-3} \leq \sum_i \partial x_i^2$ 기울기")
    draw(ax)


def test_text_is_readable_on_light_and_dark():
    def luminance(colour):
        channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return np.dot([0.2126, 0.7152, 0.0722], channels)

    for ground in ("#ffffff", "#121212"):
        for colour, least in ((plots.INK, 4.0), *((c, 3.0) for c in plots.COLOURS)):
            pair = sorted(luminance(mpl.colors.to_rgb(c)) for c in (ground, colour))
            assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least, (ground, colour)
    assert mpl.rcParams["figure.facecolor"] == "none"


def test_labels_are_korean():
    for ax in (plots.losses(H), plots.gradient_norms({"RNN": [1, 0.5]}),
               plots.rank_frequencies({"음절": [2, 1]})):
        for label in (ax.get_xlabel(), ax.get_ylabel()):
            assert re.search("[가-힣]", label)


def test_importing_again_is_silent():
    importlib.reload(plots)  # warnings are errors
