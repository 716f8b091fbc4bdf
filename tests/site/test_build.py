"""What the build refuses, and what it makes of a repository's address: small books, built whole."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = ["anchors", "offline_assets", "math_prerender", "chrome", "inline_svg", "linked",
              "published", "quiz", "repository"]
LOCAL = ", ".join(f"{name}: {ROOT / '_ext'}" for name in EXTENSIONS)
CONFIG = f"""
title: 시험
author: 시험
exclude_patterns: ["**.ipynb"]
execute: {{execute_notebooks: "off"}}
parse: {{myst_enable_extensions: [dollarmath, tasklist]}}
repository: {{url: "ADDRESS", branch: main}}
html: {{baseurl: "SITE"}}
sphinx:
  local_extensions: {{{LOCAL}}}
  config:
    language: ko
    html_math_renderer: katex
    templates_path: [{ROOT / "_templates"}]
    html_copy_source: false
"""
MISTAKES = {
    "formula": (r"$\frac{1}{2$", "수식을 조판하지 못했습니다"),
    "command": (r"$\nosuchcommand$", "수식을 조판하지 못했습니다"),
    "right": ("```{quiz} q-right\n물음\n\n- [ ] 하나\n  > 풀이\n- [ ] 둘\n  > 풀이\n```",
              "맞는 것은 하나여야 합니다"),
    "why": ("```{quiz} q-why\n물음\n\n- [x] 하나\n  > 풀이\n- [ ] 둘\n```",
            "풀이(>)가 있어야 합니다"),
    "name": ("```{quiz} 이름\n물음\n\n- [x] 하나\n  > 풀이\n```", "퀴즈 이름은 영어 소문자"),
    "twice": (2 * "```{quiz} q-twice\n물음\n\n- [x] 하나\n  > 풀이\n- [ ] 둘\n  > 풀이\n```\n\n",
              "퀴즈 이름이 겹칩니다: q-twice"),
    "piece": ("```{linked} l-piece\n:code: code.py\n\n$$\n\\htmlClass{sym-f}{f}\n$$\n\n"
              "- f $f$ 망각: `no such piece`\n```", "코드에 `no such piece`가 없습니다"),
    "symbol": ("```{linked} l-symbol\n:code: code.py\n\n$$\nf\n$$\n\n- f $f$ 망각: `x = 1`\n```",
               "기호 'f'이(가) 식에도 그림에도 없습니다"),
    "legend": ("```{linked} l-legend\n:code: code.py\n\n$$\nf\n$$\n```", "기호의 목록"),
}


def build(folder, pages, url="", site="", **environment):
    folder.mkdir(exist_ok=True)
    (folder / "_config.yml").write_text(CONFIG.replace("ADDRESS", url).replace("SITE", site),
                                         "utf-8")
    first, *rest = pages
    chapters = "".join(f"\n  - file: {name}" for name in rest)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {first}\n"
                                     + ("chapters:" + chapters if rest else ""))
    (folder / "code.py").write_text("x = 1\n")
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(f"# {name}\n\n{text}\n", "utf-8")
    tool = Path(sys.executable).with_name("jupyter-book")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")} | environment
    env["PATH"] = f"{tool.parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run([tool, "build", folder, "-W", "-n", "--keep-going"],
                          capture_output=True, text=True, env=env)
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory):
    pages = {name: text for name, (text, _) in MISTAKES.items()}
    return build(tmp_path_factory.mktemp("mistaken") / "book", {"first": "글", **pages})


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_page(name, mistaken):
    code, printed = mistaken
    assert code != 0
    lines = [line for line in printed.splitlines() if MISTAKES[name][1] in line]
    assert any(f"{name}.md" in line for line in lines), printed[-3000:]


def page_of(folder, name="page"):
    return (folder / "_build" / "html" / f"{name}.html").read_text("utf-8")


def test_without_a_repository_no_button_leads_nowhere(tmp_path):
    code, printed = build(tmp_path, {"page": "글"})
    assert code == 0, printed[-3000:]
    assert "고치기" not in page_of(tmp_path)
    assert "Colab" not in page_of(tmp_path)
    assert 'href="/page.html"' in page_of(tmp_path, "404")
    assert not (tmp_path / "_build" / "html" / "sitemap.xml").exists()


def test_the_hosting_repository_fills_the_buttons(tmp_path):
    (tmp_path / "page.ipynb").write_text("{}")
    code, printed = build(tmp_path, {"page": "글", "plain": "글"},
                          GITHUB_REPOSITORY="someone/fork", GITHUB_SERVER_URL="https://github.com")
    assert code == 0, printed[-3000:]
    page = page_of(tmp_path)
    assert "https://github.com/someone/fork/edit/main/page.md" in page
    assert "https://colab.research.google.com/github/someone/fork/blob/main/page.ipynb" in page
    assert "Colab" not in page_of(tmp_path, "plain")
    assert 'href="/fork/plain.html"' in page_of(tmp_path, "404")
    html = tmp_path / "_build" / "html"
    assert re.findall("<loc>(.*)</loc>", (html / "sitemap.xml").read_text("utf-8")) == [
        "https://someone.github.io/fork/page.html", "https://someone.github.io/fork/plain.html"]
    robots = (html / "robots.txt").read_text("utf-8")
    assert "Sitemap: https://someone.github.io/fork/sitemap.xml" in robots


def test_a_written_address_wins(tmp_path):
    code, printed = build(tmp_path, {"page": "글"}, url="https://github.com/the/book",
                          site="https://book.example/", GITHUB_REPOSITORY="someone/fork")
    assert code == 0, printed[-3000:]
    assert "https://github.com/the/book/edit/main/page.md" in page_of(tmp_path)
    assert "someone/fork" not in page_of(tmp_path)
    assert '<link rel="canonical" href="https://book.example/page.html">' in page_of(tmp_path)
    assert 'href="/page.html"' in page_of(tmp_path, "404")


def test_a_heading_keeps_its_address_when_another_comes_before_it(tmp_path):
    headings = ("## 망각 게이트\n\n## 같은 말\n\n## 같은 말\n\n"
                "### 문제 7. LSTM의 한 시점 (코드, 25분)\n")
    pages = {"page": headings, "longer": "## 새 절\n\n" + headings.replace("문제 7", "문제 8")}
    code, printed = build(tmp_path, pages)
    assert code == 0, printed[-3000:]
    ids = {name: re.findall(r'<section[^>]* id="([^"]+)"', page_of(tmp_path, name))
           for name in pages}
    assert ids["page"] == ["page", "망각-게이트", "같은-말", "같은-말-2", "lstm의-한-시점"]
    assert ids["longer"] == ["longer", "새-절", *ids["page"][1:]]


NOTEBOOK = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3, language: python}
---
# 책

```{code-cell}
1 + 1
```
"""


def test_make_speaks_korean_and_hides_no_complaint(tmp_path):
    """What a reader sees of a first build: one line, no tool's own; a mistake is still named."""
    for name in ("Makefile", "_config.yml", "_ext", "_static", "_templates", "tools", "code",
                 ".venv", "node_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/index\n")
    page = tmp_path / "chapters" / "index.md"
    page.parent.mkdir()
    shutil.copy(ROOT / "chapters" / "references.bib", page.parent)

    def make(text):
        page.write_text(text, "utf-8")
        return subprocess.run(
            ["make", "--no-print-directory", "book", "-o", ".venv/.stamp",
             "-o", "node_modules/.stamp"], cwd=tmp_path, capture_output=True, text=True)

    built = make(NOTEBOOK)
    assert built.returncode == 0, built.stderr[-3000:]
    assert built.stderr == ""
    assert re.fullmatch("책을 빌드합니다[^\n]*…\n", built.stdout)
    broken = make(NOTEBOOK + "\n$\\nosuchcommand$\n")
    assert broken.returncode != 0
    assert "수식을 조판하지 못했습니다" in broken.stderr
