"""The language model: training, evaluation, generation, in both worlds."""

import numpy as np
import pytest

from rnnbook import bridge, concise, scratch

V = 11


def twins(rng, embed_size=4, **options):
    ours = scratch.RNNLM(V, embed_size, 5, rng=rng, dtype=np.float64, **options)
    theirs = concise.RNNLM(V, embed_size, 5, **options).double()
    bridge.copy_weights(theirs, ours)
    return ours, theirs


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("embed_size", [4, None], ids=["embedding", "one-hot"])
@pytest.mark.parametrize("cell", ["rnn", "relu", "gru", "lstm", "peephole", "coupled"])
def test_a_training_step_equals_torch(cell, embed_size, num_layers, rng):
    ours, theirs = twins(rng, embed_size, cell=cell, num_layers=num_layers)
    state = torch_state = None
    for _ in range(2):                                        # the state is carried
        batch = rng.integers(V, size=(2, 3, 6))
        loss, state = ours.train_step(batch, state)
        expected, torch_state = theirs.train_step(batch, torch_state)
        assert isinstance(loss, float)
        assert loss == pytest.approx(expected, abs=1e-12)
        for name, value in theirs.named_parameters():
            np.testing.assert_allclose(ours.grads[name], value.grad.numpy(), atol=1e-12,
                                       err_msg=name)


@pytest.mark.parametrize("embed_size", [4, None], ids=["embedding", "one-hot"])
def test_logits_states_and_gradients_agree(embed_size, rng):
    ours, theirs = twins(rng, embed_size, num_layers=2)
    found = bridge.pairs(ours, theirs, rng.integers(V, size=(3, 6)))
    assert {"출력", "상태 h", "상태 c", "기울기 head.weight"} <= {label for label, _, _ in found}
    for label, a, b in found:
        assert a.shape == b.shape
        assert abs(a - b).max() < 1e-10, label


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_evaluation_leaves_gradients_and_mode_alone(world, rng):
    model = twins(rng, num_layers=2, dropout=0.5)[world]
    batch = rng.integers(V, size=(2, 3, 6))
    model.train_step(batch)
    if world:
        grads = {name: value.grad.clone() for name, value in model.named_parameters()}
    else:
        grads = {name: grad.copy() for name, grad in model.grads.items()}
    first, _ = model.evaluate(batch)
    second, _ = model.evaluate(batch)
    assert first == second                                    # dropout is off
    assert model.training
    now = {n: p.grad for n, p in model.named_parameters()} if world else model.grads
    assert all((now[name] == grads[name]).all() for name in grads)


@pytest.mark.parametrize("embed_size", [4, None], ids=["embedding", "one-hot"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.uint64])
def test_any_integer_type_of_token_will_do(kind, embed_size, rng):
    model, _ = twins(rng, embed_size)
    batch = rng.integers(V, size=(2, 3, 6))
    loss, _ = model.train_step(batch)
    grads = {name: grad.copy() for name, grad in model.grads.items()}
    assert model.train_step(batch.astype(kind))[0] == loss
    assert all((model.grads[name] == grads[name]).all() for name in grads)


def test_evaluation_equals_torch_and_carries_the_state(rng):
    ours, theirs = twins(rng)
    x, y = rng.integers(V, size=(2, 3, 8))
    whole, _ = ours.evaluate((x, y))
    assert whole == pytest.approx(theirs.evaluate((x, y))[0], abs=1e-12)
    first, state = ours.evaluate((x[:, :4], y[:, :4]))
    second, _ = ours.evaluate((x[:, 4:], y[:, 4:]), state)
    assert (first + second) / 2 == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("embed_size", [4, None], ids=["embedding", "one-hot"])
@pytest.mark.parametrize("options", [{"temperature": 0}, {"temperature": 0.7}, {"top_k": 3},
                                     {"temperature": 5.0, "top_k": 1}, {"top_k": 100}])
def test_generation_writes_the_same_ids_as_torch(options, embed_size, rng):
    ours, theirs = twins(rng, embed_size)
    written = [model.generate([1, 2, 3], 40, rng=np.random.default_rng(5), **options)
               for model in (ours, theirs)]
    assert written[0] == written[1]
    assert len(written[0]) == 40
    assert all(type(k) is int and 0 <= k < V for k in written[0])


def test_generation_reads_the_whole_beginning(rng):
    model, _ = twins(rng)
    new = model.generate([1, 2, 3], 5, temperature=0)
    logits, _ = model([[1, 2, 3, *new[:-1]]])
    assert logits[0, 2:].argmax(axis=1).tolist() == new


def test_generation_follows_the_probabilities(rng):
    model, _ = twins(rng)
    logits, _ = model([[4]])
    expected = scratch.softmax(logits[0, 0] / 0.5)
    draws = [model.generate([4], 1, temperature=0.5, rng=rng)[0] for _ in range(4000)]
    np.testing.assert_allclose(np.bincount(draws, minlength=V) / 4000, expected, atol=0.03)


def test_top_k_draws_only_from_the_k_best(rng):
    model, _ = twins(rng)
    best = set(np.argsort(model([[4]])[0][0, 0])[-3:].tolist())
    draws = {model.generate([4], 1, temperature=9.0, top_k=3, rng=rng)[0] for _ in range(300)}
    assert draws == best


def test_a_draw_at_the_very_end_is_still_a_token(rng):
    class Last(np.random.Generator):
        def random(self):
            return np.nextafter(1.0, 0.0)

    last = Last(np.random.PCG64())
    for model in twins(rng):
        assert 0 <= model.generate([4], 1, top_k=7, rng=last)[0] < V


def test_generation_switches_dropout_off_and_back_on(rng):
    model, _ = twins(rng, num_layers=2, dropout=0.5)
    assert model.generate([1], 20, temperature=0) == model.generate([1], 20, temperature=0)
    assert model.training


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize(("options", "message"), [
    ({"temperature": -1}, "temperature는 0 이상의 유한한 수여야 합니다: 받은 값 -1"),
    ({"temperature": float("nan")}, "받은 값 nan"),
    ({"temperature": float("inf")}, "받은 값 inf"),
    ({"top_k": 0}, "1 이상이어야 합니다: 받은 값 top_k=0"),
    ({"rng": None}, "temperature가 0보다 크면 rng가 있어야 합니다"),
    ({"steps": -1}, "steps는 0 이상의 정수여야 합니다: 받은 값 -1"),
])
def test_wrong_sampling_is_explained(options, message, world, rng):
    model = twins(rng)[world]
    options = {"steps": 3, "rng": rng} | options
    with pytest.raises(ValueError, match=message):
        model.generate([1], **options)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("embed_size", [4, None], ids=["embedding", "one-hot"])
@pytest.mark.parametrize(("tokens", "error", "message"), [
    (np.zeros((2, 3)), TypeError, "토큰은 정수여야 합니다: 받은 자료형"),
    (np.zeros(3, int), ValueError, r"토큰은 비어 있지 않은 \(N, T\)여야 합니다: 받은 모양 \(3,\)"),
    (np.zeros((2, 0), int), ValueError, r"받은 모양 \(2, 0\)"),
    (np.array([[0, V]]), ValueError, "토큰은 0 이상 11 미만이어야 합니다: 받은 범위 0~11"),
    (np.array([[-1, 0]]), ValueError, "받은 범위 -1~0"),
])
def test_wrong_tokens_are_explained(tokens, error, message, embed_size, world, rng):
    with pytest.raises(error, match=message):
        twins(rng, embed_size)[world](tokens)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_other_mistakes_are_explained(world, rng):
    model = twins(rng)[world]
    with pytest.raises(ValueError, match="첫머리 ids가 비어 있습니다"):
        model.generate([], 3, temperature=0)
    with pytest.raises(ValueError, match="정답의 모양은"):
        model.train_step((np.zeros((2, 3), int), np.zeros((2, 4), int)))
    build = [lambda: scratch.RNNLM(V, 4, 5, cell="gate", rng=rng),
             lambda: concise.RNNLM(V, 4, 5, cell="gate")][world]
    with pytest.raises(ValueError, match=r"cell은 rnn, relu, gru, cho, .*, coupled 가운데"):
        build()


def test_backward_needs_a_forward(rng):
    with pytest.raises(RuntimeError, match="forward를 먼저"):
        twins(rng)[0].backward(np.zeros((2, 3, V)))


def test_it_learns(rng):
    """Two alternating tokens: from ln 2-ish to nearly nothing."""
    model = scratch.RNNLM(V, 4, 16, rng=rng)
    step, text = scratch.Adam(model.parameters(), 0.02), np.arange(41) % 2
    batch = text[None, :-1], text[None, 1:]
    losses = []
    for _ in range(60):
        losses.append(model.train_step(batch)[0])
        step.step()
    assert losses[0] > 2
    assert losses[-1] < 0.1
    assert model.generate([0], 6, temperature=0) == [1, 0, 1, 0, 1, 0]
