"""attention_plots: tokens beside their weights, every glyph there, the right patches veiled."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import colors
from test_plots import close_figures, draw  # noqa: F401

from rnnbook import attention_plots, plots


def labels(axis):
    return [t.get_text() for t in axis.get_ticklabels()]


def test_alignment_puts_the_input_across_and_the_output_down():
    weights = np.random.default_rng(0).dirichlet(np.ones(5), size=3)
    ax = draw(attention_plots.alignment(weights, "3월 5일", ["뷁", "0", "5"]))
    assert labels(ax.xaxis) == ["3", "월", "·", "5", "일"]
    assert labels(ax.yaxis) == ["뷁", "0", "5"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("입력", "출력")
    np.testing.assert_array_equal(ax.images[0].get_array(), weights)
    assert ax.yaxis.get_inverted()                        # read from the top down
    assert ax.images[0].get_clim() == (0, 1)


def test_alignment_of_words_turns_the_long_labels():
    ax = draw(attention_plots.alignment(np.eye(3), ["나는", "학교에", "간다."], "a\nb"))
    assert {t.get_rotation() for t in ax.get_xticklabels()} == {60}
    assert labels(ax.yaxis) == ["a", "↵", "b"]


def test_alignment_uses_the_axes_it_is_given_and_the_bundled_font():
    given = plt.subplots()[1]
    assert attention_plots.alignment(np.eye(2), "가나", "ab", ax=given) is given
    assert {t.get_fontname() for t in given.get_xticklabels()} == {plots.FAMILY}


def test_weights_are_darker_the_larger_they_are():
    shades = attention_plots.SHARE(np.linspace(0, 1, 5))
    assert (np.diff(shades[:, 3]) > 0).all()
    assert shades[0, 3] == 0
    assert colors.to_hex(shades[-1]) == plots.COLOURS[0]


def test_a_glyph_that_the_font_lacks_is_an_error():
    ax = attention_plots.alignment(np.eye(1), "가", ["\N{CJK UNIFIED IDEOGRAPH-4E00}"])
    with pytest.raises(UserWarning, match="missing from font"):
        draw(ax)


def test_glances_veil_what_was_not_looked_at():
    weights = np.array([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]])
    image = np.zeros((8, 8, 3))
    axes = attention_plots.glances(image, weights, ["빨간", "별이"], columns=2)
    draw(axes[0])
    assert [ax.get_title() for ax in axes] == ["그림", "빨간", "별이"]
    assert [len(ax.images) for ax in axes] == [1, 2, 2]
    veil = axes[1].images[1].get_array()[..., 3]
    assert veil[0, 0] == 0                                # the one looked at is clear
    assert (veil.ravel()[1:] > 0.7).all()
    assert (axes[2].images[1].get_array()[..., 3] == 0).all()
    assert axes[1].images[1].get_extent() == axes[1].images[0].get_extent()


@pytest.mark.parametrize(("call", "message"), [
    (lambda: attention_plots.alignment(np.eye(3), "가나", "abc"),
     r"weights의 모양은 \(3, 2\), 곧 \(출력, 입력\)이어야 합니다: 받은 모양 \(3, 3\)"),
    (lambda: attention_plots.glances(np.zeros((4, 4, 3)), np.ones((2, 5)), ["가", "나"]),
     r"조각의 수는 제곱수여야 합니다: 받은 모양 \(2, 5\)"),
    (lambda: attention_plots.glances(np.zeros((4, 4, 3)), np.ones((2, 4)), ["가"]),
     "낱말 1개"),
    (lambda: attention_plots.glances(np.zeros(3), np.ones((1, 4)), ["가"]),
     r"그림의 모양은 .*\(높이, 너비, 3\).*: 받은 모양 \(3,\)"),
    (lambda: attention_plots.glances(np.zeros((4, 4)), np.ones((1, 4)), ["가"]),
     r"받은 모양 \(4, 4\)"),
])
def test_bad_shapes_are_explained(call, message):
    with pytest.raises(ValueError, match=message):
        call()
