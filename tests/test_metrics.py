"""Scores against hand counts, brute force and sacrebleu; bad input is refused in Korean."""

import itertools

import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import bleu
from rnnbook.bleu import corpus_bleu
from rnnbook.metrics import F1, accuracy, boundary_f1, exact_match, span_f1, spans

# The example of sacrebleu's README and of its tests/test_bleu.py (Apache 2.0).
REFERENCES = [
    ["The dog bit the man.", "It was not unexpected.", "The man bit him first."],
    ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."],
]
HYPOTHESES = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."]


def theirs(hypotheses, references, max_order=4, smooth="exp"):
    scorer = sacrebleu.BLEU(
        tokenize="none", force=True, smooth_method=smooth, max_ngram_order=max_order
    )
    return scorer.corpus_score(hypotheses, references).score


def test_bleu_of_sacrebleus_own_examples():
    assert corpus_bleu(HYPOTHESES, REFERENCES) == pytest.approx(49.1919566, abs=1e-7)
    assert corpus_bleu(["", "", ""], REFERENCES) == 0
    assert corpus_bleu(["this is a test", "another test"], [["ref1", "ref2"]]) == 0
    assert corpus_bleu(["this is a test"], [["this is a test"]]) == pytest.approx(100)
    for order, smooth in itertools.product((1, 2, 3, 4, 5), ("exp", "none")):
        ours = corpus_bleu(HYPOTHESES, REFERENCES, order, smooth)
        assert ours == pytest.approx(theirs(HYPOTHESES, REFERENCES, order, smooth), abs=1e-9)


def test_bleu_is_the_library_call_itself():
    library = sacrebleu.corpus_bleu(HYPOTHESES, REFERENCES, tokenize="none", force=True).score
    assert corpus_bleu(HYPOTHESES, REFERENCES) == pytest.approx(library, abs=1e-9)


WORDS = st.lists(st.sampled_from(["가", "나", "다", "여우가", "a."]), min_size=1, max_size=9)
CORPORA = st.tuples(st.integers(1, 4), st.integers(1, 3)).flatmap(lambda size: st.tuples(
    st.lists(WORDS | st.just([]), min_size=size[0], max_size=size[0]),
    st.lists(st.lists(WORDS, min_size=size[0], max_size=size[0]),
             min_size=size[1], max_size=size[1]),
    st.integers(1, 5), st.sampled_from(["exp", "none"]),
))


@given(CORPORA)
def test_bleu_of_random_sentences_is_sacrebleus(corpus):
    hypotheses, references, order, smooth = corpus
    sentences = [" ".join(h) for h in hypotheses], [[" ".join(r) for r in s] for s in references]
    ours = corpus_bleu(*sentences, order, smooth)
    assert ours == pytest.approx(theirs(*sentences, order, smooth), abs=1e-9)
    assert corpus_bleu(hypotheses, references, order, smooth) == ours  # lists of tokens
    assert 0 <= ours <= 100 + 1e-9


def test_bleu_knows_its_tokens_only_by_blanks():
    assert corpus_bleu(["여우가 웃었다."], [["여우가 웃었다"]], 1) == pytest.approx(50)
    syllables = corpus_bleu([list("여우가 웃었다.")], [[list("여우가 웃었다")]], 1)
    assert syllables == pytest.approx(100 * 7 / 8)


@pytest.mark.parametrize(("arguments", "error", "message"), [
    (("가 나", [["가 나"]]), TypeError, r"리스트의 리스트여야 .* 받은 자료형 str, list\[list\]"),
    ((["가 나"], ["가 나"]), TypeError, r"리스트의 리스트여야 .* 받은 자료형 list, list\[str\]"),
    ((["가 나"], "가 나"), TypeError, r"리스트의 리스트여야 .* 받은 자료형 list, str"),
    ((["가"], [["가", "나"]]), ValueError, r"번역문 1개, 참조 \[2\]개"),
    ((["가"], [["가"], []]), ValueError, r"참조 \[1, 0\]개"),
    (([], [[]]), ValueError, "하나 이상이어야"),
    ((["가"], []), ValueError, r"번역문 1개, 참조 \[\]개"),
    ((["가"], [[""]]), ValueError, "참조 문장이 비었습니다"),
    (([["가", "나"]], [["가 나"]]), TypeError,
     "모두 문자열이거나 모두 토큰의 리스트여야 합니다: 받은 자료형 list, str"),
    ((["가"], [["가"]], 0), ValueError, "max_order는 1 이상"),
    ((["가"], [["가"]], "4"), ValueError, "받은 값 '4', 'exp'"),
    ((["가"], [["가"]], 4, "floor"), ValueError, "받은 값 4, 'floor'"),
])
def test_bleu_refuses_bad_input(arguments, error, message):
    with pytest.raises(error, match=message):
        bleu.corpus_bleu(*arguments)


def test_accuracy_counts_where_the_mask_is_true():
    assert accuracy([1, 2, 3, 4], [1, 2, 0, 0]) == 0.5
    assert accuracy(["NOUN", "VERB"], ["NOUN", "ADV"]) == 0.5
    predicted, target = np.array([[1, 2, 9], [3, 9, 9]]), np.array([[1, 0, 0], [3, 0, 9]])
    mask = np.array([[True, True, False], [True, False, False]])
    assert accuracy(predicted, target, mask) == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.booleans()), min_size=1))
def test_what_the_mask_hides_changes_nothing(rows):
    predicted, target, mask = map(np.array, zip(*rows, strict=True))
    if not mask.any():
        return
    for score in (accuracy, boundary_f1):
        assert score(predicted, target, mask) == score(predicted[mask], target[mask])
        assert score(np.where(mask, predicted, 1), np.where(mask, target, 0), mask) == score(
            predicted, target, mask)


def test_exact_match():
    assert exact_match(["2026-11-22", "가"], ["2026-11-22", "가나"]) == 0.5
    assert exact_match([["가", "나"], ["다"]], [("가", "나"), ("라",)]) == 0.5
    assert exact_match(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 5]])) == 0.5
    assert exact_match([[]], [[]]) == 1
    assert exact_match(["가나", "가가나"], ["나가", "가나"]) == 0


def test_boundary_f1_by_hand():
    # two boundaries found, one of them right; three wanted
    score = boundary_f1([1, 1, 0, 0, 0], [1, 0, 1, 1, 0])
    assert score == pytest.approx((1 / 2, 1 / 3, 2 / 5))
    assert boundary_f1([0, 0], [0, 1]) == F1(0, 0, 0)
    assert boundary_f1([0, 0], [0, 0]) == F1(0, 0, 0)
    assert boundary_f1([[True]], [[True]]) == F1(1, 1, 1)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_f1_is_the_harmonic_mean(rows):
    predicted, target = zip(*rows, strict=True)
    p, r, f = boundary_f1(predicted, target)
    assert f == pytest.approx(2 * p * r / (p + r) if p + r else 0)
    assert boundary_f1(target, predicted) == pytest.approx((r, p, f))


def test_spans_by_hand():
    assert spans(["B-인명", "I-인명", "O", "B-지명"]) == {("인명", 0, 2), ("지명", 3, 4)}
    assert spans(["B-A", "B-A"]) == {("A", 0, 1), ("A", 1, 2)}
    assert spans(["I-A", "I-B", "I-B"]) == {("A", 0, 1), ("B", 1, 3)}  # as conlleval reads it
    assert spans(["O", "O"]) == spans([]) == set()
    score = span_f1([["B-A", "I-A", "O", "B-B"]], [["B-A", "I-A", "I-A", "B-B"]])
    assert score == pytest.approx((1 / 2, 1 / 2, 1 / 2))  # a span cut short is not half right


TAGS = st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"]), max_size=8)


@given(TAGS)
def test_spans_by_conllevals_rules(tags):
    """A chunk starts at B, or at I after another kind; it is as long as the I that follow."""
    kinds = [tag[2:] for tag in tags]
    starts = [i for i, tag in enumerate(tags)
              if tag[0] == "B" or (tag[0] == "I" and (i == 0 or kinds[i - 1] != kinds[i]))]
    expected = set()
    for i in starts:
        inside = itertools.takewhile(lambda j, i=i: tags[j] == "I-" + kinds[i],
                                     range(i + 1, len(tags)))
        expected.add((kinds[i], i, i + 1 + len(list(inside))))
    assert spans(tags) == expected


@given(st.lists(TAGS, min_size=1))
def test_span_f1_counts_over_all_sentences(sentences):
    perfect = float(any(map(spans, sentences)))
    assert span_f1(sentences, sentences) == F1(perfect, perfect, perfect)
    nothing = [["O"] * len(tags) for tags in sentences]
    assert span_f1(nothing, sentences) == F1(0, 0, 0)
    assert span_f1(sentences[::-1], sentences[::-1]) == span_f1(sentences, sentences)


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: accuracy([1, 2], [1]), ValueError, r"받은 모양 \(2,\), \(1,\)"),
    (lambda: accuracy([1], [1], [True, False]), ValueError, r"모양이 같아야 .* \(2,\)"),
    (lambda: accuracy([[1], [1, 2]], [[1], [1, 2]]), ValueError, "길이가 다른 시퀀스"),
    (lambda: accuracy([], []), ValueError, "비교할 자리가 없습니다"),
    (lambda: accuracy([1], [1], [False]), ValueError, "비교할 자리가 없습니다"),
    (lambda: accuracy([0.5], [1]), TypeError, "받은 자료형 float64, int64"),
    (lambda: accuracy(["1"], [1]), TypeError, "둘 다 정수이거나 둘 다 문자열"),
    (lambda: accuracy([1], [1], [1]), TypeError, "mask의 자료형은 bool"),
    (lambda: boundary_f1([0, 2], [0, 1]), ValueError, "0과 1뿐이어야 합니다: 받은 값 2"),
    (lambda: boundary_f1([0, 1], [-1, 1]), ValueError, "0과 1뿐이어야 합니다: 받은 값 -1"),
    (lambda: boundary_f1(["B"], ["B"]), ValueError, "0과 1뿐이어야 합니다: 받은 값 'B'"),
    (lambda: exact_match("가나", "가나"), TypeError, "문자열 하나를 받았습니다"),
    (lambda: exact_match([], []), ValueError, "하나 이상이어야 합니다"),
    (lambda: exact_match(["가"], ["가", "나"]), ValueError, "받은 수 1, 2"),
    (lambda: exact_match([1, 2], [1, 2]), TypeError, "받은 것 1. .* accuracy를 쓰십시오"),
    (lambda: span_f1([["O"]], [["O", "O"]]), ValueError, "0번 문장.* 예측 1, 정답 2"),
    (lambda: span_f1([["X-A"]], [["O"]]), ValueError, "받은 표지 'X-A'"),
    (lambda: spans(["B-"]), ValueError, "받은 표지 'B-'"),
    (lambda: spans(["O-A"]), ValueError, "받은 표지 'O-A'"),
    (lambda: spans([3]), ValueError, "받은 표지 3"),
])
def test_bad_input_is_refused_in_korean(call, error, message):
    with pytest.raises(error, match=message):
        call()
