"""Generated pairs: as many as asked, never the same problem twice, the same for the same seed."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.tasks import addition, dates, numbers, pronunciation
from rnnbook.tasks.pairs import split

TASKS = [numbers, dates, addition, pronunciation]
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__.split(".")[-1])


@each_task
def test_sizes_and_no_overlap(task):
    made = task.pairs(700, 300, rng=np.random.default_rng(0))
    assert [len(part) for part in made] == [700, 300]
    sources = [source for part in made for source, _ in part]
    assert len(set(sources)) == 1000
    assert made.letters == "".join(sorted(set("".join(s + t for part in made for s, t in part))))


@each_task
def test_the_seed_decides(task):
    first, again, other = (task.pairs(50, 50, rng=np.random.default_rng(k)) for k in (3, 3, 4))
    assert first == again
    assert first != other


@each_task
@pytest.mark.parametrize(("sizes", "wrong"), [
    ((0, 1), "train=0"), ((1, 0), "test=0"), ((-1, 5), "train=-1"), ((0, 0), "train=0, test=0")])
def test_empty_parts_are_refused(task, sizes, wrong):
    with pytest.raises(ValueError, match=f"1 이상이어야 합니다: 받은 값 {wrong}$"):
        task.pairs(*sizes, rng=np.random.default_rng(0))


def test_more_than_there_are_is_refused():
    rng = np.random.default_rng(0)
    for make in (lambda n: numbers.pairs(n, 1, rng=rng, longest=1),
                 lambda n: addition.pairs(n + 45, 1, rng=rng, digits=1),
                 lambda n: pronunciation.pairs(n, 1, rng=rng, words=list("가나다라마바사아자차"))):
        made = make(9)
        assert len(made.test) == 1
        with pytest.raises(ValueError, match=r"서로 다른 문제는 \d+개뿐입니다: 요청한 수 \d+개"):
            make(10)


def test_the_number_of_problems_is_counted_right(monkeypatch):
    rng, letters = np.random.default_rng(0), list("가나다가")
    for task in TASKS:
        monkeypatch.setattr(task, "split", lambda *args, total, **options: total)
    assert numbers.pairs(1, 1, rng=rng, shortest=1, longest=2) == 100
    assert numbers.pairs(1, 1, rng=rng, shortest=2, longest=2) == 90
    assert numbers.pairs(1, 1, rng=rng, shortest=2, longest=3) == 990
    every = {tuple(sorted((a, b))) for a in range(100) for b in range(100)}
    assert addition.pairs(1, 1, rng=rng, digits=2) == len(every)
    assert dates.pairs(1, 1, rng=rng) == 73_049
    assert pronunciation.pairs(1, 1, rng=rng, words=letters) == 3


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 99))
def test_split_uses_every_problem_once(train, test, seed):
    rng, total = np.random.default_rng(seed), train + test
    made = split(lambda: int(rng.integers(total)), lambda n: (n, -n), train, test,
                 rng=rng, total=total)
    assert sorted(made.train + made.test) == [(n, -n) for n in range(total)]


def test_additions_are_right_and_as_wide_as_the_setting():
    made = addition.pairs(3000, 500, rng=np.random.default_rng(1))
    seen = set()
    for question, answer in made.train + made.test:
        assert (len(question), len(answer), answer[0]) == (7, 5, "_")
        a, b = map(int, re.fullmatch(r"(\d{1,3})\+(\d{1,3}) *", question).groups())
        assert int(answer[1:]) == a + b
        assert f"{a}+{b}" == question.rstrip()
        seen.add(frozenset((a, b)))
    assert len(seen) == 3500
    assert made.letters == " +0123456789_"
    assert addition.write(16, 75) == ("16+75  ", "_91  ")


def test_terms_come_in_either_order_and_of_every_length():
    made = addition.pairs(900, 1, rng=np.random.default_rng(0))
    terms = [q.split("+") for q, _ in made.train]
    assert 300 < sum(int(a) <= int(b) for a, b in terms) < 600
    assert 200 < sum(len(b.rstrip()) == 3 for _, b in terms) < 400      # about a third


def test_bad_additions_are_refused():
    for bad in (-1, 1000):
        with pytest.raises(ValueError, match=f"0 이상 3자리 이하여야 합니다: 받은 값 {bad}"):
            addition.write(5, bad)
    for digits in (0, 10):
        with pytest.raises(ValueError, match=f"1 이상 9 이하여야 합니다: 받은 값 {digits}"):
            addition.pairs(1, 1, rng=np.random.default_rng(0), digits=digits)
