"""The recipe of the shipped writer still runs, and says what it did."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import writer
from rnnbook import pretrained

TOOL = Path(writer.__file__)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    out = tmp_path_factory.mktemp("writer") / "small.rnn"
    run = subprocess.run([sys.executable, TOOL, "train", "--small", "--out", out],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return out, run.stdout


def test_the_small_recipe_makes_a_model_that_writes(small):
    out, said = small
    model, vocab = pretrained.load(out)
    about = pretrained.about(out)
    assert about["command"] == "python tools/writer.py train --small"
    assert f"{about['held_out_bits']:.3f} after rounding" in said
    assert about["held_out_bits"] < 8
    assert len(model.generate(vocab.encode(list("\n옛날")), 5, temperature=0)) == 5
    assert len(set(about["units"])) == writer.UNITS


def test_the_same_command_makes_the_same_model(small, tmp_path):
    """Up to the last digits: BLAS adds in an order that depends on where the arrays lie."""
    writer.train(tmp_path / "again.rnn", small=True, command="python tools/writer.py train --small")
    (first, vocab), (again, _) = (pretrained.load(p) for p in (small[0], tmp_path / "again.rnn"))
    tokens = np.array([vocab.encode(list("할머니가 말했다"))])
    np.testing.assert_allclose(first(tokens)[0], again(tokens)[0], atol=0.05)
    one, other = (pretrained.about(p) for p in (small[0], tmp_path / "again.rnn"))
    assert {k: one[k] for k in ("command", "corpus_sha256", "seed", "phases")} == {
        k: other[k] for k in ("command", "corpus_sha256", "seed", "phases")}


def test_the_file_can_be_shown(small, capsys):
    writer.show(small[0])
    said = capsys.readouterr().out
    assert "held_out_bits" in said
    assert all(f"[{opening}]" in said for opening in writer.OPENINGS)


def test_the_shipped_recipe_is_the_one_written_at_the_top():
    about = pretrained.about()
    if "--small" not in about["command"]:
        header = pretrained.split(pretrained.SHIPPED.read_bytes())[0]
        assert header["model"]["hidden_size"] == writer.SIZES["hidden_size"]
        assert header["model"]["embed_size"] == writer.SIZES["embed_size"]
        assert about["dropout"] == writer.DROPOUT
