"""A model in one small file: what goes in comes out, and a broken file is refused."""

import numpy as np
import pytest

from rnnbook import pretrained
from rnnbook.scratch.lstm import LSTMCell
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.text import Vocab


@pytest.fixture
def vocab():
    return Vocab("\n 가나다라마바사")


@pytest.fixture
def model(vocab, rng):
    return RNNLM(len(vocab), 6, 5, rng=rng)


def test_every_weight_comes_back_within_half_a_step(model, vocab):
    back, words = pretrained.unpack(pretrained.pack(model, vocab, {}))
    assert words.to_dict() == vocab.to_dict()
    for name, value in model.state_dict().items():
        got = back.params[name]
        assert got.dtype == np.float32
        if value.ndim == 1:
            assert np.array_equal(got, value)
        else:                               # the widest step a row may use, clipped values aside
            step = np.abs(value).max(axis=1, keepdims=True) / pretrained.LEVELS
            kept = np.abs(value) <= 0.6 * np.abs(value).max(axis=1, keepdims=True)
            assert (np.abs(got - value) <= 0.5001 * step)[kept].all()


def test_packing_what_was_unpacked_changes_nothing_more(model, vocab):
    once = pretrained.unpack(pretrained.pack(model, vocab, {}))[0]
    ids = [vocab.encode(list("가나 다라"))]
    assert np.abs(once(ids)[0] - model.eval()(ids)[0]).max() < 0.05
    twice = pretrained.unpack(pretrained.pack(once, vocab, {}))[0]
    for name, value in once.params.items():
        np.testing.assert_allclose(twice.params[name], value, rtol=1e-6, err_msg=name)


def test_no_scale_beats_the_chosen_one(rng):
    matrix = rng.standard_t(3, (4, 50)).astype(np.float32)
    scale, q = pretrained.quantise(matrix)
    error = ((q * scale[:, None] - matrix) ** 2).sum(axis=1)
    top = np.abs(matrix).max(axis=1) / pretrained.LEVELS
    plain = ((pretrained.round_to(matrix, top[:, None]) * top[:, None] - matrix) ** 2).sum(axis=1)
    assert (error <= plain * (1 + 1e-6)).all()
    assert (error < plain).any()
    assert np.abs(q).max() <= pretrained.LEVELS


def test_a_row_of_zeros_stays_zero():
    scale, q = pretrained.quantise(np.zeros((2, 3), np.float32))
    assert (scale > 0).all()
    assert not q.any()


def test_the_provenance_is_in_the_file(model, vocab, tmp_path):
    pretrained.save(tmp_path / "a.rnn", model, vocab, {"command": "이렇게"})
    assert pretrained.about(tmp_path / "a.rnn") == {"command": "이렇게"}
    assert pretrained.load(tmp_path / "a.rnn")[0].rnn.hidden_size == 5


def test_a_file_that_is_not_whole_is_refused(model, vocab):
    data = pretrained.pack(model, vocab, {})
    with pytest.raises(ValueError, match="모형 파일이 아닙니다"):
        pretrained.unpack(b"PK" + data)
    for broken in (data[:200], data[:-9], data[:-40] + bytes(40)):
        with pytest.raises(ValueError, match="온전하지 않습니다"):
            pretrained.unpack(broken)
    other = RNNLM(len(vocab), 6, 4, rng=np.random.default_rng(0))
    head = pretrained.pack(model, vocab, {})
    swapped = pretrained.pack(other, vocab, {})
    cut = 12 + int.from_bytes(head[8:12], "little")
    with pytest.raises(ValueError, match="온전하지 않습니다"):
        pretrained.unpack(head[:cut] + swapped[12 + int.from_bytes(swapped[8:12], "little"):])
    longer = pretrained.pack(model, Vocab([*vocab.tokens, "더"]), {})
    with pytest.raises(ValueError, match=f"{len(vocab)}개여야 하는데 {len(vocab) + 1}개입니다"):
        pretrained.unpack(longer)


def test_the_trace_is_what_the_cell_computes(model, vocab, rng):
    ids, cell, state = vocab.encode(list("가나 다라")), LSTMCell(6, 5, rng=rng), None
    cell.load_state_dict({name: model.params[f"rnn.{name}_l0"] for name in cell.params})
    traced = pretrained.trace(model, ids)
    for t, token in enumerate(ids):
        state = cell(model.embedding.weight[[token]], state)
        np.testing.assert_allclose(traced["h"][t], state[0][0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(traced["c"][t], state[1][0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(traced["h"], traced["o"] * np.tanh(traced["c"]), rtol=1e-5)


def test_only_one_layer_of_lstm_can_be_traced(vocab, rng):
    for kind in ({"cell": "rnn"}, {"num_layers": 2}):
        with pytest.raises(ValueError, match="층이 하나인 LSTM"):
            pretrained.trace(RNNLM(len(vocab), 4, 3, rng=rng, **kind), [1])


def test_the_shipped_model_says_where_it_comes_from():
    from rnnbook import datasets

    model, vocab = pretrained.load()
    about = pretrained.about()
    assert model.vocab_size == len(vocab)
    assert about["command"].startswith("python tools/writer.py train")
    assert about["corpus_sha256"] == datasets.load("stories").card["sha256"]
    assert 2 < about["held_out_bits"] < 8
    assert pretrained.SHIPPED.stat().st_size <= 640_000
