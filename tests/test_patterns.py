"""patterns, labeller, pooling: one answer for a sequence, one for every token, in both worlds."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import central_difference

from rnnbook import bridge, concise, scratch
from rnnbook.batching import NO_ANSWER, bucketed_batches
from rnnbook.scratch.labeller import SumEmbedding, masked_cross_entropy
from rnnbook.scratch.rnnlm import CELLS
from rnnbook.trainer import Trainer

V, C = 7, 3
POOLS = ["last", "mean", "max"]
MODELS = {**{f"classifier-{pool}": ("SequenceClassifier", {"pool": pool}) for pool in POOLS},
          "tagger": ("SequenceTagger", {}), "bag": ("BagClassifier", {})}
quick = settings(max_examples=40, deadline=None, derandomize=True)


def twins(model, rng, sizes=(4, 5), package=scratch, **options):
    """The same float64 model twice; biases are not zero."""
    name, fixed = MODELS[model]
    if name == "BagClassifier":
        sizes = sizes[:1]
        options = {key: options[key] for key in options if key == "dropout"}
    sizes = (V, *sizes, C)
    ours = getattr(package, name)(*sizes, **fixed, **options, rng=rng, dtype=np.float64)
    theirs = getattr(concise, name)(*sizes, **fixed, **options).double()
    with torch.no_grad():
        for value in theirs.parameters():
            value.copy_(torch.from_numpy(rng.normal(scale=0.5, size=value.shape)))
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def batch_of(rng, model, lengths, places=None):
    """Random tokens, answers and lengths; garbage where the batch is padded."""
    lengths = np.array(lengths)
    shape = len(lengths), lengths.max() + rng.integers(2)
    tokens = rng.integers(V, size=shape if places is None else (*shape, places))
    if model != "tagger":
        return tokens, rng.integers(C, size=len(lengths)), lengths
    answers = rng.integers(C, size=shape)
    answers[np.arange(shape[1]) >= lengths[:, None]] = NO_ANSWER
    return tokens, answers, lengths


def gaps(ours, theirs, batch):
    """{what: largest absolute difference} of logits, loss and all gradients."""
    tokens, _, lengths = batch
    found = {"logits": abs(ours(tokens, lengths)
                           - theirs(tokens, lengths).detach().numpy()).max()}
    loss, expected = ours.train_step(batch)[0], theirs.train_step(batch)[0]
    assert isinstance(loss, float)
    found["loss"] = abs(loss - expected)
    assert ours.params.keys() == dict(theirs.named_parameters()).keys()
    for name, value in theirs.named_parameters():
        assert ours.grads[name].shape == tuple(value.shape)
        found[name] = float(abs(ours.grads[name] - value.grad.numpy()).max())
    return found


@quick
@given(model=st.sampled_from(list(MODELS)), cell=st.sampled_from(list(CELLS)),
       layers=st.integers(1, 2), both=st.booleans(), embed=st.integers(1, 4),
       hidden=st.integers(1, 4), lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4),
       places=st.none() | st.integers(1, 3), seed=st.integers(0, 999))
def test_everything_agrees_with_torch(model, cell, layers, both, embed, hidden, lengths, places,
                                      seed):
    rng = np.random.default_rng(seed)
    ours, theirs = twins(model, rng, (embed, hidden), cell=cell, num_layers=layers,
                         bidirectional=both)
    found = gaps(ours, theirs, batch_of(rng, model, lengths, places))
    assert max(found.values()) < 1e-10, found


@pytest.mark.parametrize("model", MODELS)
def test_gradients_agree_with_central_differences(model, rng):
    """No torch here, and every number of every parameter."""
    ours, _ = twins(model, rng, (2, 3), num_layers=2, bidirectional=True)
    batch = batch_of(rng, model, [3, 1, 4], places=2)
    ours.train_step(batch)
    grads = {name: grad.copy() for name, grad in ours.grads.items()}
    for name, value in ours.params.items():
        numeric = central_difference(lambda: ours.evaluate(batch)[0], value)
        error = np.linalg.norm(numeric - grads[name]) / np.linalg.norm(numeric)
        assert error < 1e-6, (name, error)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("model", MODELS)
def test_padding_changes_nothing(model, world, rng):
    """Neither what stands in the padding nor how much of it there is."""
    it = twins(model, rng, num_layers=2, bidirectional=True)[world]
    tokens, answers, lengths = batch_of(rng, model, [2, 5, 1])
    wider = rng.integers(V, size=(3, 9))
    inside = np.arange(9) < lengths[:, None]
    wider[inside] = tokens[np.arange(tokens.shape[1]) < lengths[:, None]]
    labels = answers
    if model == "tagger":
        labels = np.full((3, 9), NO_ANSWER)
        labels[inside] = answers[answers >= 0]
    loss, grads = it.train_step((tokens, answers, lengths))[0], grads_of(it)
    assert it.train_step((wider, labels, lengths))[0] == pytest.approx(loss, abs=1e-12)
    for name, grad in grads_of(it).items():
        np.testing.assert_allclose(grad, grads[name], atol=1e-12, err_msg=name)


def grads_of(model):
    if hasattr(model, "grads"):
        return {name: grad.copy() for name, grad in model.grads.items()}
    return {name: value.grad.numpy().copy() for name, value in model.named_parameters()}


@pytest.mark.parametrize("model", MODELS)
def test_a_batch_equals_its_sequences_one_by_one(model, rng):
    ours, _ = twins(model, rng, num_layers=2, bidirectional=True)
    tokens, _, lengths = batch_of(rng, model, [3, 1, 6, 4])
    together = ours(tokens, lengths)
    for row, length, logits in zip(tokens, lengths, together, strict=True):
        alone = ours(row[None, :length])[0]
        np.testing.assert_allclose(logits[:length] if model == "tagger" else logits, alone,
                                   atol=1e-12)


def test_tokens_at_one_place_are_added(rng):
    layer = SumEmbedding(V, 4, rng=rng, dtype=np.float64)
    w = layer.weight
    np.testing.assert_allclose(layer([[[1, 2], [3, 3]]]), [[w[1] + w[2], 2 * w[3]]])
    layer.backward(np.ones((1, 2, 4)))
    assert layer.grads["weight"][:, 0].tolist() == [0, 1, 1, 2, 0, 0, 0]


@pytest.mark.parametrize("world", [scratch, concise], ids=["scratch", "concise"])
def test_pooling_by_hand(world):
    y = np.arange(12.0).reshape(1, 3, 4) * [1, 1, -1, -1]        # rows: 0 1 -2 -3, 4 5 -6 -7, …
    given = y if world is scratch else torch.from_numpy(y)
    expected = {("last", False): [4, 5, -6, -7], ("last", True): [4, 5, -2, -3],
                ("mean", True): [2, 3, -4, -5], ("max", True): [4, 5, -2, -3]}
    for (kind, both), value in expected.items():
        pool = world.Pool(kind, bidirectional=both)
        assert np.asarray(pool(given, [2])).tolist() == [value]
        assert (np.asarray(pool(given)) == np.asarray(pool(given, [3]))).all()


@pytest.mark.parametrize("kind", POOLS)
def test_nothing_flows_back_into_the_padding(kind, rng):
    pool, y = scratch.Pool(kind, bidirectional=True), rng.normal(size=(2, 4, 6)) - 9
    pool(y, [4, 2])
    dy = pool.backward(np.ones((2, 6)))
    assert (dy[1, 2:] == 0).all()
    np.testing.assert_allclose(dy.sum(axis=1), 1)


@pytest.mark.parametrize("kind", POOLS)
def test_pooling_keeps_float32(kind, rng):
    pool, y = scratch.Pool(kind), rng.normal(size=(2, 4, 6)).astype(np.float32)
    pooled = pool(y, [4, 2])
    assert pooled.dtype == pool.backward(pooled).dtype == np.float32


def test_the_masked_loss_is_the_mean_over_the_answers(rng):
    logits, answers = rng.normal(size=(2, 3, C)), np.array([[1, -1, 0], [-1, -1, 2]])
    loss, dlogits = masked_cross_entropy(logits, answers)
    p = scratch.log_softmax(logits)
    assert loss == pytest.approx(-(p[0, 0, 1] + p[0, 2, 0] + p[1, 2, 2]) / 3)
    assert (dlogits[answers < 0] == 0).all()
    np.testing.assert_allclose(dlogits.sum(axis=2), 0, atol=1e-12)
    assert abs(dlogits[answers >= 0]).min() > 0


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("model", MODELS)
def test_evaluating_and_predicting_switch_dropout_off_and_leave_gradients(model, world, rng):
    it = twins(model, rng, num_layers=2, bidirectional=True, dropout=0.5)[world]
    tokens, answers, lengths = batch = batch_of(rng, model, [4, 2])
    it.train_step(batch)
    before = grads_of(it)
    assert it.evaluate(batch) == it.evaluate(batch)
    assert it.evaluate(batch)[1] is None
    first = it.predict(tokens, lengths)
    assert type(first) is np.ndarray
    assert first.shape == answers.shape
    assert (first == it.predict(tokens, lengths)).all()
    assert it.training
    assert all((grad == before[name]).all() for name, grad in grads_of(it).items())


@pytest.mark.parametrize("model", MODELS)
def test_both_worlds_predict_alike(model, rng):
    ours, theirs = twins(model, rng, bidirectional=True)
    tokens, _, lengths = batch_of(rng, model, [5, 3, 1])
    inside = np.s_[:] if model != "tagger" else np.arange(tokens.shape[1]) < lengths[:, None]
    assert (ours.predict(tokens, lengths) == theirs.predict(tokens, lengths))[inside].all()


@pytest.mark.parametrize("world", [scratch, concise], ids=["scratch", "concise"])
def test_the_trainer_trains_them(world):
    """Does the sequence begin with a 1? Is the token before me odd? The bag can do neither."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    options = {"rng": rng} if world is scratch else {}
    sequences = [rng.integers(1, 5, size=rng.integers(2, 9)) for _ in range(300)]
    first = [int(row[0] == 1) for row in sequences]
    before = [np.append(0, row[:-1] % 2) for row in sequences]
    for model, answers in [(world.SequenceClassifier(5, 8, 16, 2, **options), first),
                           (world.SequenceTagger(5, 8, 16, 2, **options), before)]:
        batches = bucketed_batches(sequences, answers, 25, rng=rng)
        history = Trainer(model, world.Adam(model.parameters(), 0.02)).fit(
            batches, epochs=12, progress=False)
        assert history.train[-1] < 0.05 < 0.3 < history.train[0]
        for tokens, labels, lengths in batches:
            known = labels >= 0
            assert (model.predict(tokens, lengths)[known] == labels[known]).mean() > 0.95


def test_the_trainer_weighs_batches_by_their_answers(rng):
    """Not by their padding: the mean over the tokens of all sequences."""
    model, _ = twins("tagger", rng)
    sequences = [[1], [2, 3, 4, 5, 6, 0, 1, 2]]
    batches = bucketed_batches(sequences, [[0], [1, 2, 0, 1, 2, 0, 1, 2]], 2)
    tokens, answers, lengths = next(iter(batches))
    class Frozen:
        def step(self):
            pass
    longer = [(tokens, answers, lengths), (tokens[:1, :1], answers[:1, :1], lengths[:1])]
    history = Trainer(model, Frozen()).fit(longer, epochs=1, progress=False)
    parts = [model.evaluate(batch)[0] for batch in longer]
    assert history.train == [pytest.approx((9 * parts[0] + parts[1]) / 10)]


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize(("tokens", "lengths", "error", "message"), [
    (np.zeros((2, 3)), None, TypeError, "토큰은 정수여야 합니다: 받은 자료형"),
    (np.zeros(3, int), None, ValueError,
     r"토큰은 비어 있지 않은 \(N, T\)나 \(N, T, K\)여야 합니다: 받은 모양 \(3,\)"),
    (np.zeros((2, 0), int), None, ValueError, r"받은 모양 \(2, 0\)"),
    (np.array([[0, V]]), None, ValueError, "토큰은 0 이상 7 미만이어야 합니다: 받은 범위 0~7"),
    (np.array([[-1, 0]]), None, ValueError, "받은 범위 -1~0"),
    (np.zeros((2, 3), int), [1, 4], ValueError, "길이는 1 이상 3 이하여야 합니다"),
    (np.zeros((2, 3), int), [0, 3], ValueError, "길이는 1 이상 3 이하여야 합니다"),
    (np.zeros((2, 3), int), [3], ValueError, r"길이의 모양은 \(2,\)이어야 합니다"),
    (np.zeros((2, 3), int), [1.0, 2.0], TypeError, "길이는 정수여야 합니다"),
])
@pytest.mark.parametrize("model", ["classifier-max", "tagger", "bag"])
def test_wrong_input_is_explained(model, tokens, lengths, error, message, world, rng):
    with pytest.raises(error, match=message):
        twins(model, rng)[world](tokens, lengths)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize(("model", "answers", "error", "message"), [
    ("bag", np.zeros(3, int), ValueError, r"정답의 모양은 \(2,\)이어야 합니다: 받은 모양 \(3,\)"),
    ("tagger", np.zeros(2, int), ValueError, r"정답의 모양은 \(2, 3\)이어야 합니다"),
    ("tagger", np.full((2, 3), -1), ValueError, "답이 있는 자리가 하나 이상이어야 합니다"),
    ("bag", np.array([0, C]), ValueError, "정답은 0 이상 3 미만이어야 합니다: 받은 범위 0~3"),
    ("bag", np.array([-2, 0]), ValueError, "정답은 0 이상 3 미만이어야 합니다: 받은 범위 -2~0"),
    ("bag", np.array([0.0, 1.0]), TypeError, "정답은 정수여야 합니다"),
])
def test_wrong_answers_are_explained(model, answers, error, message, world, rng):
    with pytest.raises(error, match=message):
        twins(model, rng)[world].train_step((np.zeros((2, 3), int), answers, [3, 2]))


@pytest.mark.parametrize("world", [scratch, concise], ids=["scratch", "concise"])
def test_other_mistakes_are_explained(world, rng):
    options = {"rng": rng} if world is scratch else {}
    with pytest.raises(ValueError, match=r"cell은 rnn, .*가운데 하나여야 합니다: 받은 값"):
        world.SequenceTagger(V, 4, 5, C, cell="gate", **options)
    with pytest.raises(ValueError, match=r"풀링은 last, mean, max 가운데 하나.* 'sum'"):
        world.SequenceClassifier(V, 4, 5, C, pool="sum", **options)
    with pytest.raises(ValueError, match=r"풀링은 last, mean, max 가운데 하나.* 'sum'"):
        world.Pool("sum")


def test_backward_needs_a_forward(rng):
    for model in MODELS:
        with pytest.raises(RuntimeError, match="forward를 먼저"):
            twins(model, rng)[0].backward(np.zeros((2, C)))
    with pytest.raises(RuntimeError, match="forward를 먼저"):
        scratch.Pool("max").backward(np.zeros((2, C)))
