"""Scenes: captions that Korean grammar allows and the drawing bears out, combinations held out."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.tasks import scenes

quick = settings(max_examples=60, deadline=None, derandomize=True)
GROUPS = st.builds(scenes.Group, st.integers(0, 3), st.sampled_from(list(scenes.COLOURS)),
                   st.sampled_from(scenes.SHAPES), st.integers(0, 2))
CLOSED = {"별", "반달", "왕관"}                     # they end in a consonant: 은, 이


def read(caption):
    """The groups a caption tells of, read back by rules of its own."""
    place, name = "(왼쪽|오른쪽) (위|아래)에", r"(\S+) (\S+)(은|는|이|가)"
    count = "(한|두|세) 개"
    one = re.fullmatch(f"{place} {name} {count} 있다\\.", caption)
    two = re.fullmatch(f"{name} {place} {count}, {name} {place} {count} 있다\\.", caption)
    if one:
        side, height, colour, shape, particle, number = one.groups()
        found = [(side, height, colour, shape, particle, number)]
        assert particle in "이가"
    else:
        parts = two.groups()
        found = [(part[3], part[4], *part[:3], part[5]) for part in (parts[:6], parts[6:])]
        assert {part[4] for part in found} <= {"은", "는"}
    for part in found:
        assert (part[4] in "은이") == (part[3] in CLOSED)
    return tuple(scenes.Group(2 * (height == "아래") + (side == "오른쪽"), colour, shape,
                              "한두세".index(number))
                 for side, height, colour, shape, _, number in found)


@quick
@given(st.lists(GROUPS, min_size=1, max_size=2, unique_by=lambda group: group.place))
def test_a_caption_says_exactly_what_is_there(groups):
    groups = tuple(sorted(groups))
    assert read(scenes.caption(groups)) == groups


def test_captions_are_natural_sentences():
    star, box = scenes.Group(0, "빨간", "별", 2), scenes.Group(3, "파란", "네모", 0)
    assert scenes.caption((star,)) == "왼쪽 위에 빨간 별이 세 개 있다."
    assert scenes.caption((box,)) == "오른쪽 아래에 파란 네모가 한 개 있다."
    assert scenes.caption((star, box)) == (
        "빨간 별은 왼쪽 위에 세 개, 파란 네모는 오른쪽 아래에 한 개 있다.")


@quick
@given(GROUPS, st.integers(0, 2**32 - 1))
def test_the_drawing_shows_the_count_the_place_and_the_colour(group, seed):
    image = scenes.picture((group,), rng=np.random.default_rng(seed))
    assert image.shape == (32, 32, 3)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1
    cells = scenes.patches(image).reshape(16, 64, 3)
    ink = np.linalg.norm(cells - 0.93, axis=2).max(axis=1) > 0.5
    assert ink.sum() == group.count + 1
    rows, columns = np.divmod(np.flatnonzero(ink), 4)
    assert set(2 * (rows // 2) + columns // 2) == {group.place}
    middle = np.median(cells[ink][np.linalg.norm(cells[ink] - 0.93, axis=2) > 0.5], axis=0)
    near = {name: np.linalg.norm(middle - colour) for name, colour in scenes.COLOURS.items()}
    assert min(near, key=near.get) == group.colour


def test_shapes_differ_more_from_each_other_than_from_themselves():
    rng = np.random.default_rng(0)
    drawn = {s: np.stack([scenes.stamp(s, rng) for _ in range(30)]) for s in scenes.SHAPES}
    means = {shape: d.mean(axis=0) for shape, d in drawn.items()}
    for shape, stamps in drawn.items():
        for stamp in stamps:
            gaps = {other: np.linalg.norm(stamp - mean) for other, mean in means.items()}
            assert min(gaps, key=gaps.get) == shape


def test_patches_stand_in_reading_order():
    rows, columns = np.mgrid[:32, :32] // 8
    image = np.repeat((4 * rows + columns)[..., None], 3, axis=2)
    cut = scenes.patches(np.stack([image, -image]))
    assert cut.shape == (2, 16, 192)
    assert (cut[0] == np.arange(16)[:, None]).all()
    assert (cut[1] == -cut[0]).all()
    pixels = np.arange(32 * 32 * 3).reshape(32, 32, 3)
    np.testing.assert_array_equal(scenes.patches(pixels)[6].reshape(8, 8, 3),
                                  pixels[8:16, 16:24])


def kinds(caption):
    return {(group.colour, group.shape) for group in read(caption)}


def test_held_out_pairs_are_in_every_test_scene_and_in_no_training_scene(rng):
    made = scenes.pairs(400, 100, rng=rng)
    assert (len(made.train), len(made.test)) == (400, 100)
    assert all(not kinds(text) & scenes.HELD_OUT for _, text in made.train)
    assert all(kinds(text) & scenes.HELD_OUT for _, text in made.test)
    for side in made:
        assert len({text for _, text in side}) == len(side)
    seen = {word for _, text in made.train for word in text.split()}
    assert {word for _, text in made.test for word in text.split()} <= seen
    assert set(scenes.SHAPES) == {shape for _, shape in scenes.HELD_OUT}
    assert set(scenes.COLOURS) == {colour for colour, _ in scenes.HELD_OUT}


def test_the_seed_decides_everything():
    one, two, other = (scenes.pairs(5, 5, rng=np.random.default_rng(k)) for k in (1, 1, 2))
    for (a, text), (b, same) in zip(one.train + one.test, two.train + two.test, strict=True):
        np.testing.assert_array_equal(a, b)
        assert text == same
    assert [t for _, t in one.train] != [t for _, t in other.train]


@pytest.mark.parametrize(("call", "message"), [
    (lambda rng: scenes.pairs(0, 5, rng=rng),
     "1 이상이어야 합니다: 받은 값 train=0"),
    (lambda rng: scenes.patches(np.zeros((32, 32))), r"그림의 모양은 \(..., 32, 32, 3\)이어야"),
])
def test_bad_input_is_explained(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)


def test_asking_for_more_scenes_than_there_are_is_explained(monkeypatch, rng):
    one = (scenes.Group(0, "빨간", "별", 0),)
    monkeypatch.setattr(scenes, "scene", lambda rng, held_out: one)
    with pytest.raises(ValueError, match="서로 다른 장면이 모자랍니다: 요청한 수 2개, 뽑은 수 1개"):
        scenes.pairs(2, 1, rng=rng)
