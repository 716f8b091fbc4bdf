"""The term law: violations carry file and line, mentions are free, the glossary is generated."""

import pytest

import terms

TOML = """\
[[term]]
ko = "은닉 상태"
en = "hidden state"
forbidden = ["은닉상태", "숨은 상태"]
meaning = "다음 시점으로 넘기는 벡터."
chapter = "rnn"

[[term]]
ko = "LSTM"
en = "long short-term memory"
abbr = ["LSTM"]
meaning = "셀 상태를 둔 순환 신경망."
chapter = "lstm"
"""


@pytest.fixture
def root(tmp_path):
    for folder in ("tools", "chapters/lstm", "code/rnnbook"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tools" / "terms.toml").write_text(TOML)
    (tmp_path / "chapters" / "lstm" / "index.md").write_text("# LSTM: 기억\n\n은닉 상태.\n")
    terms.load.cache_clear()
    return tmp_path


def test_forbidden_forms_are_found_in_pages_and_docstrings(root):
    (root / "chapters" / "a.md").write_text("# 제목\n\n은닉상태와 숨은 상태\n")
    (root / "code" / "rnnbook" / "b.py").write_text('"""숨은 상태."""\n')
    assert terms.violations(root) == [
        "chapters/a.md:3: '은닉상태' → '은닉 상태'",
        "chapters/a.md:3: '숨은 상태' → '은닉 상태'",
        "code/rnnbook/b.py:1: '숨은 상태' → '은닉 상태'"]


def test_a_mention_in_quotes_is_free(root):
    (root / "chapters" / "a.md").write_text("# 제목\n\n‘숨은 상태’라고 쓴 글도 있습니다.\n")
    assert terms.violations(root) == []


def test_the_glossary_is_generated_and_checked(root, capsys):
    assert terms.main(["check", "--root", str(root)]) == 1
    assert terms.main(["build", "--root", str(root)]) == 0
    assert terms.main(["check", "--root", str(root)]) == 0
    text = (root / "chapters" / "glossary.md").read_text()
    assert text.index("## 로마자") < text.index("## ㅇ")
    assert "은닉 상태\n  *hidden state.* 다음 시점으로 넘기는 벡터.\n" in text
    assert "→ {doc}`LSTM <lstm/index>`" in text
    (root / "chapters" / "glossary.md").write_text(text + "손으로\n")
    assert terms.main(["check", "--root", str(root)]) == 1


def test_a_term_with_an_unknown_field_is_refused(root):
    (root / "tools" / "terms.toml").write_text(TOML + 'nickname = "엘"\n')
    with pytest.raises(ValueError, match="nickname"):
        terms.load(root)
