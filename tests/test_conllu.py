"""CoNLL-U: what is read, what is passed over, what is refused."""

import pytest

from rnnbook.conllu import Sentence, read


def line(index, word="여우", tag="NOUN", columns=10):
    return "\t".join([index, word, "_", tag, *["_"] * (columns - 4)])


def test_words_and_tags_sentence_by_sentence():
    text = "\n".join([
        "# text = 여우가 웃었다.", line("1", "여우가"), line("2", "웃었다", "VERB"),
        line("3", ".", "PUNCT"), "", "# text = 눈", line("1", "눈"), "", ""])
    assert read(text) == [Sentence(["여우가", "웃었다", "."], ["NOUN", "VERB", "PUNCT"]),
                          Sentence(["눈"], ["NOUN"])]


def test_ranges_and_empty_nodes_are_passed_over():
    text = "\n".join([line("1-2", "여우가"), line("1"), line("2", "가", "ADP"),
                      line("2.1", "빈", "_"), line("3", "밤", "NOUN")])
    assert read(text) == [Sentence(["여우", "가", "밤"], ["NOUN", "ADP", "NOUN"])]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_end_of_file_and_line_will_do(end, newline):
    text = "\n".join([line("1"), "", line("1", "눈")]) + end
    assert [s.words for s in read(text.replace("\n", newline))] == [["여우"], ["눈"]]


def test_separators_inside_a_word_do_not_end_the_line():
    """str.splitlines would cut at U+2028 and U+0085."""
    assert read(line("1", "a\u2028b\u0085c"))[0].words == ["a\u2028b\u0085c"]


def test_nothing_is_no_sentence():
    assert read("") == read("\n\n") == read("# text = 설명뿐") == []


@pytest.mark.parametrize(("text", "message"), [
    (line("1", columns=9), "1번째 줄은 탭으로 나뉜 10칸이어야 합니다: 받은 칸 9개"),
    ("\n" + line("1").replace("\t", " "), "2번째 줄은 .* 받은 칸 1개"),
    (line("2"), "1번째 줄의 번호는 1이어야 합니다: 받은 번호 '2'"),
    (line("1") + "\n" + line("1"), "2번째 줄의 번호는 2이어야 합니다: 받은 번호 '1'"),
    (line("가"), "받은 번호 '가'"),
    (line("1", word=""), "1번째 줄에는 낱말과 품사가 있어야 합니다: 받은 것 '', 'NOUN'"),
    (line("1", tag="_"), "낱말과 품사가 있어야 합니다: 받은 것 '여우', '_'"),
    (line("1", tag=""), "낱말과 품사가 있어야 합니다"),
])
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(ValueError, match=message):
        read(text)
