"""The live writer: its JavaScript computes what Python computes."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from rnnbook import pretrained
from rnnbook.figures.figure import module
from rnnbook.figures.writer import Writer
from rnnbook.scratch.functions import softmax
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.text import Vocab

MODULE = Path(pretrained.__file__).parent / "figures" / "writer.mjs"
LETTERS = "\n 가나다라마바사아.?”"


def node(script, *arguments):
    """What the script prints, as JSON; `figure` is the writer's module, `model` the file opened."""
    code = f"""import * as figure from {json.dumps(MODULE.as_uri())};
    import {{ readFile }} from "node:fs/promises";
    const bytes = await readFile(process.argv[1]);
    const model = await figure.Model.open(bytes.buffer.slice(bytes.byteOffset,
        bytes.byteOffset + bytes.length));
    const given = process.argv.slice(2).map((word) => JSON.parse(word));
    const print = (value) => console.log(JSON.stringify(value));
    {script}"""
    run = subprocess.run([shutil.which("node"), "--input-type=module", "-e", code,
                          *map(str, arguments[:1]), *map(json.dumps, arguments[1:])],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A file whose weights are large enough to open and shut gates."""
    rng, path = np.random.default_rng(3), tmp_path_factory.mktemp("writer") / "model.rnn"
    vocab = Vocab(LETTERS)
    model = RNNLM(len(vocab), 7, 9, rng=rng)
    for value in model.params.values():
        value[...] = rng.normal(0, 0.8, value.shape)
    pretrained.save(path, model, vocab, {"units": [4, 0, 8]})
    return path


@pytest.mark.parametrize("which", ["ours", "shipped"])
def test_twenty_steps_are_those_of_python(which, trained):
    path = trained if which == "ours" else pretrained.SHIPPED
    model, vocab = pretrained.load(path)
    ids = [int(k) for k in np.random.default_rng(5).integers(0, len(vocab), 20)]
    got = node("""let out = model.start();
        print(given[0].map((id) => (out = model.read(out, id),
            Object.fromEntries([..."figoch", "logits"].map((name) => [name, [...out[name]]])))));
        """, path, ids)
    logits = model([ids])[0][0]
    assert np.abs(np.array([step["logits"] for step in got]) - logits).max() < 1e-4
    for name, values in pretrained.trace(model, ids).items():
        assert np.abs(np.array([step[name] for step in got]) - values).max() < 1e-4, name
    wide = RNNLM(**pretrained.split(path.read_bytes())[0]["model"], dtype=np.float64,
                 rng=np.random.default_rng(0))
    wide.load_state_dict(model.state_dict())
    exact = wide.eval()([ids])[0][0]
    assert np.abs(np.array([step["logits"] for step in got]) - exact).max() < 1e-9


def test_greedy_text_is_that_of_generate(trained):
    model, vocab = pretrained.load(trained)
    prompt = "가나 다"
    got = node("print(figure.compose(model, given[0], 40, {temperature: 0, seed: 1}))",
               trained, prompt)
    assert got == model.generate(vocab.encode(list("\n" + prompt)), 40, temperature=0)


def test_a_seed_writes_the_same_text_twice_and_another_seed_another(trained):
    write = """print([1, 1, 2].map((seed) =>
        figure.compose(model, "가", 60, {temperature: 1, seed})))"""
    first, again, other = node(write, trained)
    assert first == again != other
    assert 0 not in first + other                              # <unk> is never written


def test_probabilities_at_a_temperature(trained):
    logits = [0.3, -1.0, 2.0, 1.5, 900.0]
    got = node("print([0, 0.5, 1, 1.5].map((t) => [...figure.chances(given[0], t, 4)]))",
               trained, logits)
    assert got[0] == [0, 0, 1, 0, 0]
    for temperature, p in zip([0.5, 1, 1.5], got[1:], strict=True):
        np.testing.assert_allclose(p[:4], softmax(np.array(logits[:4]) / temperature), rtol=1e-12)
        assert p[4] == 0


def test_choosing_follows_the_probabilities(trained):
    places = [0, 0.249, 0.25, 0.74, 0.76, 0.999999]
    got = node("print(given[0].map((u) => figure.choose([0.25, 0.5, 0, 0.25], u)))",
               trained, places)
    assert got == [0, 0, 1, 1, 3, 3]


def test_unknown_letters_are_read_as_unknown(trained):
    vocab = pretrained.load(trained)[1]
    strange = node("print(model.encode(given[0]))", trained, "가x뷁나")
    assert strange == vocab.encode(list("가x뷁나"))
    loose = node("print(model.encode(given[0]))", trained, unicodedata.normalize("NFD", "가각"))
    assert loose == vocab.encode(["가", "각"])


@pytest.mark.parametrize(("letters", "count", "stop"), [
    ("끝났다.\n\n", 30, "story"), ("끝났다.\n", 30, ""), ("끝났다.\n", 200, "pause"),
    ("보았다. ", 200, "pause"), ("보았다", 200, ""), ("보았다", 300, "pause"), ("\n", 0, ""),
])
def test_it_rests_where_a_story_or_a_sentence_ends(letters, count, stop, trained):
    assert node("print(figure.rest(given[0], given[1]))", trained, list(letters), count) == stop


def test_without_a_beginning_it_starts_a_new_story(trained):
    assert node("print([figure.lead(''), figure.lead('가')])", trained) == ["\n\n", "\n"]


def test_a_file_of_another_kind_is_refused(trained):
    assert node("print(await figure.Model.open(new ArrayBuffer(64)).catch((e) => e.message))",
                trained) == "not a model file"


def test_the_output_is_the_same_each_time_and_stands_alone(trained):
    bundle = [Writer("가나", 0.5, model=trained)._repr_mimebundle_() for _ in range(2)]
    assert bundle[0] == bundle[1]
    page = bundle[0]["text/html"]
    assert "<svg" in page
    assert "LSTM이 이어 쓴 글: 가나" in page
    assert "data-payload" in page
    assert "import " not in module("writer")
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page


def test_a_model_in_memory_can_write_too(trained):
    model, vocab = pretrained.load(trained)
    figure = Writer("가", model=model, vocab=vocab)
    back = pretrained.unpack(figure.payload())[0]
    assert np.abs(back.head.weight - model.head.weight).max() < 0.2


def test_bad_arguments_are_answered_in_korean(tmp_path, trained, monkeypatch):
    with pytest.raises(ValueError, match="0 이상이어야 합니다: 받은 값 -1"):
        Writer(temperature=-1)
    with pytest.raises(FileNotFoundError, match=r"없는.rnn. 경로를 확인하십시오"):
        Writer(model=tmp_path / "없는.rnn")
    monkeypatch.setattr(pretrained, "SHIPPED", tmp_path / "책에 든.rnn")
    with pytest.raises(FileNotFoundError, match=r"책에 든.rnn. 페이지의 코드 칸에는"):
        Writer()
    (tmp_path / "다른.rnn").write_bytes(b"something else")
    with pytest.raises(ValueError, match="모형 파일이 아닙니다"):
        Writer(model=tmp_path / "다른.rnn")
