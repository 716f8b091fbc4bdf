"""Interactive figures: what the browser computes is what Python computes."""

import json
import re
import subprocess
from pathlib import Path
from xml.dom import minidom

import numpy as np
import pytest

from rnnbook.figures import GateExplorer, GradientPath
from rnnbook.figures.figure import module
from rnnbook.figures.gradient_path import WARMUP, lstm_norms, rnn_norms
from rnnbook.figures.mulberry import mulberry
from rnnbook.scratch.lstm import LSTM
from rnnbook.scratch.rnn import RNN

FIGURES = Path(__file__).resolve().parents[1] / "code" / "rnnbook" / "figures"
WITH_WEIGHTS = GateExplorer(-0.7, 0.3, 1.1, {"i": (0.9, 0.3, -0.2), "f": (-2.0, 0.4, 1.0),
                                             "g": (0.8, -0.5, 0.1), "o": (0.7, 2.2, -9.0)})
ALL = [GateExplorer(), WITH_WEIGHTS, GradientPath(), GradientPath(30, 8, seed=5)]


def node(script, *arguments):
    """What a module script prints as JSON, run by the machine's Node."""
    ran = subprocess.run(["node", "--input-type=module", "-e", script, "--",
                          *map(json.dumps, arguments)],
                         capture_output=True, text=True, timeout=60, cwd=FIGURES)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def javascript(stem, names, expression, *arguments):
    read = "const [, ...given] = process.argv.map((text, n) => n ? JSON.parse(text) : 0);"
    return node(f'import {{ {names} }} from "./{stem}.mjs"; {read}'
                f"console.log(JSON.stringify({expression}));", *arguments)


@pytest.mark.parametrize("figure", ALL, ids=repr)
def test_output_is_the_same_each_time_and_stands_alone(figure):
    bundle = figure._repr_mimebundle_()
    assert bundle == figure._repr_mimebundle_()
    assert bundle["text/plain"] == repr(figure)
    page = bundle["text/html"]
    assert not re.search(r"""(?:src|href)=|https?://(?!www\.w3\.org)|\bimport\b""", page)
    settings = re.search(r'data-settings="(.*?)"', page)[1].replace("&quot;", '"')
    assert json.loads(settings) == json.loads(json.dumps(figure.settings()))


@pytest.mark.parametrize("figure", ALL, ids=repr)
def test_the_drawing_without_script_is_a_titled_svg(figure):
    drawing = minidom.parseString(figure.svg()).documentElement
    assert drawing.getAttribute("role") == "img"
    title = drawing.getElementsByTagName("title")[0].firstChild.data
    assert re.search("[가-힣]{2}", title)
    assert re.search(r"\d", title)


@pytest.mark.parametrize("stem", ["gate_explorer", "gradient_path"])
def test_an_inlined_module_is_one_valid_script(stem, tmp_path):
    script = tmp_path / f"{stem}.mjs"
    script.write_text(module(stem), "utf-8")
    assert not re.search(r"^(?:import|export) ", module(stem), re.MULTILINE)
    subprocess.run(["node", "--check", script], check=True, timeout=60)


def test_random_numbers_agree():
    draw = mulberry(20261121)
    drawn = javascript("kit", "mulberry",
                       "(() => { const d = mulberry(given[0]); "
                       "return Array.from({length: 50}, d); })()", 20261121)
    assert drawn == [draw() for _ in range(50)]
    assert all(0 <= x < 1 for x in drawn)


@pytest.mark.parametrize("figure", ALL[:2], ids=repr)
def test_gate_explorer_agrees_with_javascript(figure):
    told = javascript("gate_explorer", "step", "step(given[0])", figure.settings())
    for name, value in figure.values().items():
        assert told[name] == pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("figure", ALL[:2], ids=repr)
def test_gate_explorer_is_the_book_s_lstm(figure):
    layer = LSTM(1, 1, rng=np.random.default_rng(0), dtype=np.float64)
    weights = np.array([figure.weights[gate] for gate in "ifgo"])
    layer.load_state_dict({
        "weight_ih_l0": weights[:, :1], "weight_hh_l0": weights[:, 1:2],
        "bias_ih_l0": weights[:, 2], "bias_hh_l0": np.zeros(4),
    })
    state = (np.full((1, 1, 1), figure.h), np.full((1, 1, 1), figure.c))
    _, (h, c) = layer(np.full((1, 1, 1), figure.x), state)
    assert (h.item(), c.item()) == pytest.approx((figure.values()["h"], figure.values()["c"]))


def test_gate_explorer_names_what_is_missing():
    with pytest.raises(ValueError, match=r"i, f, g, o가 있어야 합니다: 받은 것 \['f'\]"):
        GateExplorer(weights={"f": (1, 1, 1)})


@pytest.mark.parametrize("figure", [*ALL[2:], GradientPath(60, radius=2.2, forget_bias=4)],
                         ids=repr)
def test_gradient_path_agrees_with_javascript(figure):
    told = javascript(
        "gradient_path", "weights, rnnNorms, lstmNorms",
        "(() => { const w = weights(given[0]); return {"
        "rnn: rnnNorms(w, given[0].radius / given[0].naturalRadius), "
        "lstm: lstmNorms(w, given[0].forgetBias)}; })()", figure.settings())
    for name, curve in figure.curves().items():
        assert len(curve) == figure.steps
        np.testing.assert_allclose(told[name], curve, rtol=1e-6)


def test_gradient_path_is_the_book_s_backward():
    """The norm at the first step is what scratch's layers hand back as the state's gradient."""
    figure = GradientPath(12, 8, radius=1.1, forget_bias=2.0, seed=3)
    w, H = figure.weights(), figure.hidden_size
    x, dy = w["x"][None], np.zeros((1, WARMUP + 12, H))
    dy[0, -1] = w["goal"]
    rng = np.random.default_rng(0)

    rnn = RNN(16, H, rng=rng, dtype=np.float64)
    rnn.load_state_dict({
        "weight_ih_l0": w["rnn_ih"], "bias_ih_l0": np.zeros(H), "bias_hh_l0": np.zeros(H),
        "weight_hh_l0": w["rnn_hh"] * figure.radius / figure.natural_radius(),
    })
    lstm = LSTM(16, H, rng=rng, dtype=np.float64)
    bias = np.zeros(4 * H)
    bias[H:2 * H] = figure.forget_bias
    lstm.load_state_dict({"weight_ih_l0": w["lstm_ih"], "weight_hh_l0": w["lstm_hh"],
                          "bias_ih_l0": bias, "bias_hh_l0": np.zeros(4 * H)})

    w["rnn_hh"] = w["rnn_hh"] * figure.radius / figure.natural_radius()
    for back in (1, 6, 11):
        t = WARMUP + 12 - back
        seen = x[:, t:]
        rnn(seen, rnn(x[:, :t])[1])
        _, dh = rnn.backward(dy[:, t:])
        assert np.linalg.norm(dh) == pytest.approx(rnn_norms(w)[back], rel=1e-9)

        start = lstm(x[:, :t])[1]
        lstm(seen, start)
        _, (dh, dc) = lstm.backward(dy[:, t:])
        # the figure's dc also holds what comes through h_t = o * tanh(c_t)
        lstm(x[:, :t])
        step = lstm_norms(w, figure.forget_bias)[back]
        o, squeezed = output_gate(w, figure.forget_bias, t)
        assert np.linalg.norm(dc + dh * o * (1 - squeezed**2)) == pytest.approx(step, rel=1e-9)


def output_gate(w, forget_bias, steps):
    """o and tanh(c) of the last of `steps` steps, by the equations."""
    H = len(w["goal"])
    h, c = np.zeros(H), np.zeros(H)
    for x in w["x"][:steps]:
        i, f, g, o = np.split(w["lstm_ih"] @ x + w["lstm_hh"] @ h, 4)
        i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f + forget_bias, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
    return o, np.tanh(c)


def test_a_gradient_explodes_or_vanishes_with_the_radius():
    vanishing, exploding = (GradientPath(200, radius=r).curves()["rnn"][-1] for r in (0.7, 2.5))
    assert vanishing < 1e-20
    assert exploding > 1e6


def test_an_open_forget_gate_keeps_the_gradient():
    shut, open_ = (GradientPath(100, forget_bias=b).curves()["lstm"][-1] for b in (0, 4))
    assert shut < 1e-10
    assert open_ > 0.1


def test_gradient_path_refuses_a_silly_length():
    with pytest.raises(ValueError, match="2 이상 400 이하여야 합니다: 받은 값 1"):
        GradientPath(1)
