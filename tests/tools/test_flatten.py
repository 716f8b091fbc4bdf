"""The closed vocabulary: what each construct becomes, and that everything else is refused."""

from pathlib import Path

import pytest

from flatten import flatten, strip_html_class
from pages import Book, BookError

HEADER = "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n\n"
CODE = '''\
"""모듈"""


class Cell:
    """셀"""

    @property
    def size(self):
        """크기"""
        return 1

    def step(self, x):
        """한 걸음"""
        return x
'''
BIB = """\
@article{hochreiter1997long, author = {Hochreiter, Sepp and Schmidhuber, J{\\"u}rgen},
  title = {Long Short-Term Memory}, journal = {Neural Computation}, year = {1997}}
@article{greff2017lstm, author = {Greff, K and Srivastava, R and Koutn{\\'i}k, J and Other, B},
  title = {LSTM}, journal = {TNNLS}, year = {2017}}
"""
TOC = """\
root: chapters/index
parts:
  - caption: 장
    numbered: true
    chapters:
      - file: chapters/lstm/index
        sections:
          - file: chapters/lstm/scratch
"""


@pytest.fixture
def book(tmp_path):
    for folder in ("chapters/lstm", "code", "img"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "code" / "cell.py").write_text(CODE)
    (tmp_path / "img" / "cell.svg").write_text("<svg><title>셀의 그림 &amp; 길</title></svg>")
    (tmp_path / "chapters" / "references.bib").write_text(BIB)
    (tmp_path / "chapters" / "index.md").write_text("# 책\n")
    (tmp_path / "chapters" / "lstm" / "index.md").write_text(
        "# LSTM의 생각\n\n(way)=\n## 길\n\n```{figure} ../../img/cell.svg\n:name: fig-cell\n"
        ":alt: 셀\n셀의 안쪽\n```\n\n$$\nc = f\n$$ (eq-cell)\n")
    (tmp_path / "chapters" / "lstm" / "scratch.md").write_text(
        HEADER + "# 밑바닥\n\n"
        "```{figure} ../../img/cell.svg\n:name: fig-again\n:alt: 셀\n또 셀\n```\n\n"
        "```{math}\n:label: eq-more\nh = o\n```\n")
    return Book(tmp_path)


def flat(book, text):
    return flatten(text, book.page("chapters/lstm/scratch"), book)


@pytest.mark.parametrize(("myst", "plain"), [
    ("{doc}`index`", "[LSTM의 생각](index.md)"),
    ("{doc}`앞 쪽 <index>`", "[앞 쪽](index.md)"),
    ("[앞](index.md#way)", "[앞](index.md#way)"),
    ("[여기](scratch.md)", "[여기](scratch.ipynb)"),
    ("[밖](https://example.org/a.md)", "[밖](https://example.org/a.md)"),
    ("{ref}`way`", "[길](index.md#way)"),
    ("{ref}`그 길 <way>`", "[그 길](index.md#way)"),
    ("{numref}`fig-cell`", "그림 1.1"),
    ("{numref}`fig-again`", "그림 1.2"),
    ("{numref}`그림 {number}번 <fig-cell>`", "그림 1.1번"),
    ("{eq}`eq-cell`과 {eq}`eq-more`", "(1.1)과 (1.2)"),
    ("{cite:p}`hochreiter1997long`", '(Hochreiter & Schmidhuber, 1997)'),
    ("{cite:t}`greff2017lstm`", "Greff 외 (2017)"),
    ("{cite}`hochreiter1997long,greff2017lstm`",
     "(Hochreiter & Schmidhuber, 1997; Greff 외, 2017)"),
    ("{term}`망각 게이트`", "망각 게이트"),
    ("{term}`문 <게이트>`", "문"),
    ("{math}`f_t < 1`", "$f_t < 1$"),
    ("{kbd}`Shift`", "<kbd>Shift</kbd>"),
    (r"식 $\htmlClass{sym-f}{f_{t}}$", "식 $f_{t}$"),
    ("`{doc}`과 `x[^1]`은 코드", "`{doc}`과 `x[^1]`은 코드"),
    ("% 지은이만 보는 말\n글", "글"),
    ("(here)=\n## 제목", '<a id="here"></a>\n\n## 제목'),
    ("```python\n{{ x }}\n```", "```python\n{{ x }}\n```"),
    ("$$\nx\n$$", "$$\nx\n$$"),
    ("$$ x = 1 $$", "$$\nx = 1\n$$"),
    ("```{note}\n글\n```", "> **참고**\n>\n> 글"),
    ("```{admonition} 배울 것\n:class: tip\n- 하나\n```", "> **배울 것**\n>\n> - 하나"),
    ("```{admonition} 힌트\n:class: dropdown\n글\n```",
     "<details><summary>힌트</summary>\n\n글\n\n</details>"),
    (":::{tip}\n글\n:::", "> **팁**\n>\n> 글"),
    ("````{note}\n```{math}\nx\n```\n````", "> **참고**\n>\n> $$\n> x\n> $$"),
    ("```{image} ../../img/cell.svg\n:alt: 셀\n```", "![셀](../../img/cell.svg)"),
    ("```{figure} ../../img/cell.svg\n:name: fig-again\n:alt: 셀\n또 셀\n```",
     "![셀](../../img/cell.svg)\n\n**그림 1.2.** 또 셀"),
    ("```{table} 크기\n| a |\n|---|\n| 1 |\n```", "**크기**\n\n| a |\n|---|\n| 1 |"),
    ("```{code-block} bash\nls\n```", "```bash\nls\n```"),
    ("```{literalinclude} ../../code/cell.py\n:pyobject: Cell.step\n```",
     '```python\ndef step(self, x):\n    """한 걸음"""\n    return x\n```'),
    ("```{literalinclude} ../../code/cell.py\n:pyobject: Cell.size\n```",
     '```python\n@property\ndef size(self):\n    """크기"""\n    return 1\n```'),
    ("- 하나\n\n  ```{note}\n  글\n  ```", "- 하나\n\n\n  > **참고**\n  >\n  > 글"),
    ("글\n\n```{linked} lstm-step\n:figure: ../../img/cell.svg\n:code: ../../code/cell.py\n"
     ":pyobject: Cell.step\n\n$$\n\\htmlClass{sym-x}{x}\n$$\n\n- x $x$ 입력: `x`\n```",
     "글\n\n$$\nx\n$$\n\n![셀의 그림 & 길](../../img/cell.svg)\n\n- $x$ 입력: `x`\n\n"
     '```python\ndef step(self, x):\n    """한 걸음"""\n    return x\n```'),
])
def test_each_construct_becomes_plain_markdown(book, myst, plain):
    assert flat(book, myst).replace("\n\n\n", "\n\n") == plain.replace("\n\n\n", "\n\n")


def test_a_quiz_keeps_its_answers_folded(book):
    text = flat(book, "```{quiz} lstm-one\n물음 $x$\n\n- [ ] 하나\n  > 왜 {doc}`index`\n"
                      "- [x] 둘\n  이어서\n  > 그래서\n  > 맞다\n```")
    question, answers = text.split("<details>")
    assert question.strip() == "**퀴즈.** 물음 $x$\n\n- ① 하나\n- ② 둘 이어서"
    assert "- ① **아닙니다.** 왜 [LSTM의 생각](index.md)" in answers
    assert "- ② **맞습니다.** 그래서 맞다" in answers


@pytest.mark.parametrize(("myst", "message"), [
    ("```{mermaid}\na\n```", "directive 'mermaid'"),
    ("```{raw} html\n<b>\n```", "directive 'raw'"),
    ("{download}`x`", "role 'download'"),
    ("글[^1]", "footnote"),
    ("{{ 변수 }}", "substitution"),
    ("말\n: 뜻", "definition list"),
    ("{.wide}\n글", "block attributes"),
    ("[말]{.red}", "inline attributes"),
    ("{doc}`nowhere`", "not in _toc.yml"),
    ("{ref}`nowhere`", "does not exist"),
    ("{eq}`fig-cell`", "is a figure"),
    ("{numref}`way`", "is a section"),
    ("{cite:p}`nobody2000`", "not in the bibliography"),
    ("[없음](nowhere.md)", "does not exist"),
    ("```{figure} ../../img/cell.svg\n글\n```", "no alt text"),
    ("```{figure} ../../img/none.svg\n:alt: 셀\n글\n```", "does not exist"),
    ("```{literalinclude} ../../code/cell.py\n:pyobject: Cell.jump\n```", "has no 'Cell.jump'"),
    ("```{literalinclude} ../../code/cell.py\n:lines: 1-3\n```", "option ['lines']"),
    ("```{note}\n글", "never closed"),
    ("```{quiz} q\n물음\n\n- [x] 하나\n  > 왜\n```", "two choices"),
    ("```{quiz} q\n물음\n\n- [x] 하나\n  > 왜\n- [ ] 둘\n```", "explanation"),
])
def test_anything_else_is_refused_with_its_place(book, myst, message):
    with pytest.raises(BookError) as error:
        flat(book, "첫 줄\n\n" + myst)
    assert message in str(error.value)
    assert "scratch.md:" in str(error.value)


def test_the_line_of_a_nested_fault_is_right(book):
    with pytest.raises(BookError, match=r"scratch\.md:5:"):
        flat(book, "하나\n\n```{note}\n셋\n{download}`x`\n```")


def test_images_come_from_the_repository_where_it_is_known(book):
    book.config = {"repository": {"url": "https://github.com/someone/rnnbook", "branch": "main"}}
    text = flat(book, "```{image} ../../img/cell.svg\n:alt: 셀\n```")
    assert text == ("![셀](https://raw.githubusercontent.com/someone/rnnbook/main/img/cell.svg"
                    "?sanitize=true)")


def test_duplicate_labels_are_refused(book):
    path = book.root / "chapters" / "lstm" / "scratch.md"
    path.write_text(path.read_text() + "\n(way)=\n## 또\n")
    with pytest.raises(BookError, match="also in"):
        _ = Book(book.root).labels


@pytest.mark.parametrize(("math", "plain"), [
    (r"\htmlClass{a}{x}", "x"),
    (r"\htmlClass{a}{x_{t-1}^{2}} + \htmlClass{b}{y}", "x_{t-1}^{2} + y"),
    (r"\htmlClass{a}{\htmlClass{b}{x}}", "x"),
    (r"\htmlClass{a}{\{x\}}", r"\{x\}"),
    (r"\frac{1}{2}", r"\frac{1}{2}"),
])
def test_strip_html_class(math, plain):
    assert strip_html_class(math) == plain


def test_the_real_header_is_recognised(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: index\n")
    (tmp_path / "index.md").write_text(HEADER + "# 쪽\n")
    assert Book(Path(tmp_path)).pages[0].executable
    (tmp_path / "index.md").write_text("# 쪽\n\n---\n\nformat_name: myst\n\n---\n")
    assert not Book(Path(tmp_path)).pages[0].executable
