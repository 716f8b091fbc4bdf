"""MyST to the plain Markdown that Jupyter and Colab render.

The vocabulary is closed: a construct that is not listed here fails with file and line, so that no
reader ever meets raw MyST in a notebook.
"""

import ast
import dataclasses
import os
import re
import textwrap
from functools import lru_cache
from html import unescape

from pybtex.database import parse_file

from pages import HEADING, TARGET, BookError, split_blocks

ADMONITIONS = {
    "note": "참고", "tip": "팁", "hint": "힌트", "important": "중요", "attention": "주목",
    "caution": "조심", "warning": "주의", "danger": "위험", "error": "오류", "seealso": "함께 보기",
}
SYMBOL = re.compile(r"^- [A-Za-z][\w-]* (?=\S.*:)")
LETTERS = "①②③④⑤⑥⑦⑧⑨"
INLINE_CODE = re.compile(r"(?:\{(?P<role>[\w:.+-]+)\})?(?P<ticks>`+)(?P<text>.+?)(?<!`)(?P=ticks)"
                         r"(?!`)", re.DOTALL)
WITH_TARGET = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
LINK = re.compile(r"(?P<head>!?\[[^\]]*\]\()(?P<url>[^)\s]+)(?P<tail>\))")
HTML_CLASS = re.compile(r"\\htmlClass\s*\{[^{}]*\}\s*\{")
REFUSED = {                                   # MyST beyond CommonMark, found outside code
    re.compile(r"\{\{.*?\}\}"): "substitution",
    re.compile(r"\[\^[^\]]+\]"): "footnote",
    re.compile(r"^:\s+\S"): "definition list",
    re.compile(r"^\{[.#][^}]*\}\s*$"): "block attributes",
    re.compile(r"[\])]\{[.#][^}]*\}"): "inline attributes",
    re.compile(r"\{[\w:.+-]+\}`"): "role",
}
IMAGE_OPTIONS = {"name", "alt", "width", "height", "align", "class", "figclass", "figwidth",
                 "scale"}
CODE_OPTIONS = {"caption", "name", "linenos", "lineno-start", "emphasize-lines", "lineno-match"}


def flatten(text, page, book, first=1):
    """Plain Markdown for a piece of a page that starts at line `first` of its source."""
    return Flattener(page, book).text(text.split("\n"), first)


def strip_html_class(math):
    r"""\htmlClass{sym-f}{f_t} -> f_t; braces inside are respected."""
    while match := HTML_CLASS.search(math):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(math[end], 0) if math[end - 1] != "\\" else 0
            end += 1
        math = math[:match.start()] + math[match.end():end - 1] + math[end:]
    return math


class Flattener:
    def __init__(self, page, book):
        self.page, self.book = page, book

    def fail(self, line, message):
        raise BookError(self.page.path, line, message)

    def text(self, lines, first=1):
        """Lines of MyST -> plain Markdown."""
        parts = []
        for block in split_blocks(lines, self.page.path, first):
            if block.kind == "text":
                part = self.prose(block)
            elif block.kind == "math":
                part = self.math(block.body, block.info)
            elif block.kind == "code":
                part = fence(block.body, block.info)
            else:
                part = self.directive(block)
            parts.append(textwrap.indent(part, block.indent))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n")

    # -- prose -----------------------------------------------------------------------------------

    def prose(self, block):
        lines = []
        for k, line in enumerate(block.lines):
            if re.match(r"^\s*%(\s|$)", line):
                continue                                        # a comment
            if target := TARGET.match(line):
                line = f'<a id="{target["label"]}"></a>'
                if HEADING.match("\n".join(block.lines[k + 1:k + 2])):
                    line += "\n"                                # HTML would swallow the heading
            lines.append(line)
        return self.inline("\n".join(lines), block.line)

    def inline(self, text, line):
        """Roles, links and formulas inside a paragraph; inline code is left alone."""
        out, end = [], 0
        for match in INLINE_CODE.finditer(text):
            here = line + text.count("\n", 0, match.start())
            out.append(self.plain(text[end:match.start()], line + text.count("\n", 0, end)))
            out.append(self.role(match["role"], match["text"], here) if match["role"]
                       else match[0])
            end = match.end()
        out.append(self.plain(text[end:], line + text.count("\n", 0, end)))
        return "".join(out)

    def plain(self, text, line):
        for k, one in enumerate(re.sub(r"\$[^$\n]+\$", "$$", text).split("\n")):
            for pattern, name in REFUSED.items():
                if pattern.search(one):
                    self.fail(line + k, f"{name} is not in the book's vocabulary: {one.strip()}")
        text = LINK.sub(lambda m: m["head"] + self.url(m["url"], line) + m["tail"], text)
        return strip_html_class(text)

    def url(self, url, line):
        """Addresses of pages point at notebooks where there is one, of images at the image."""
        if re.match(r"^([a-z]+:|#)", url):
            return url
        path, _, anchor = url.partition("#")
        target = (self.page.path.parent / path).resolve()
        if not target.exists():
            self.fail(line, f"'{path}' does not exist")
        if target.suffix == ".md":
            other = self.book.page(target)
            if other and other.executable:
                path = path.removesuffix(".md") + ".ipynb"
            return path + (f"#{anchor}" if anchor else "")
        return self.file_url(target)

    def file_url(self, target):
        """Relative beside a clone; from the repository where its address is known (Colab)."""
        address, branch = self.book.repository
        if not address:
            return os.path.relpath(target, self.page.path.parent.resolve())
        raw = address.replace("https://github.com/", "https://raw.githubusercontent.com/")
        path = target.relative_to(self.book.root.resolve()).as_posix()
        return f"{raw}/{branch}/{path}" + ("?sanitize=true" if target.suffix == ".svg" else "")

    # -- roles -----------------------------------------------------------------------------------

    def role(self, name, text, line):
        method = {"doc": self.doc, "ref": self.ref, "numref": self.numref, "eq": self.eq,
                  "cite": self.cite, "cite:p": self.cite, "cite:t": self.cite_in_text,
                  "term": self.term, "math": self.inline_math,
                  "kbd": self.keyboard}.get(name)
        if method is None:
            self.fail(line, f"role '{name}' is not in the book's vocabulary")
        given = WITH_TARGET.match(text)
        if name in ("math", "kbd") or not given:
            return method(text, None, line)
        return method(given["target"], given["text"], line)

    def inline_math(self, math, _, line):
        return f"${strip_html_class(math)}$"

    def keyboard(self, key, _, line):
        return f"<kbd>{key}</kbd>"

    def term(self, target, text, line):
        return text or target

    def doc(self, target, text, line):
        root = self.book.root if target.startswith("/") else self.page.path.parent
        page = self.book.page((root / target.lstrip("/")).resolve())
        if page is None:
            self.fail(line, f"page '{target}' is not in _toc.yml")
        return f"[{text or page.title}]({self.to_page(page)})"

    def to_page(self, page, anchor=""):
        target = page.notebook if page.executable else page.path
        path = "" if page == self.page else os.path.relpath(target, self.page.path.parent)
        return path + anchor

    def label(self, name, line, *kinds):
        label = self.book.labels.get(name)
        if label is None:
            self.fail(line, f"label '{name}' does not exist")
        if label.kind not in kinds:
            self.fail(line, f"label '{name}' is a {label.kind}, not one of {', '.join(kinds)}")
        return label

    def ref(self, target, text, line):
        label = self.label(target, line, "section", "page", "figure", "table", "code-block")
        shown = text or self.inline(label.title, line)
        return f"[{shown}]({self.to_page(label.page, '#' + target)})"

    def numref(self, target, text, line):
        label = self.label(target, line, "figure", "table", "code-block")
        shown = (text or self.book.number_formats[label.kind]).replace("{number}", "%s")
        return shown.replace("%s", label.number)

    def eq(self, target, text, line):
        return f"({self.label(target, line, 'equation').number})"

    def cite(self, keys, text, line):
        return "(" + "; ".join(", ".join(self.reference(k.strip(), line))
                               for k in keys.split(",")) + ")"

    def cite_in_text(self, keys, text, line):
        return ", ".join("{} ({})".format(*self.reference(k.strip(), line))
                         for k in keys.split(","))

    def reference(self, key, line):
        """(authors, year) of an entry of the bibliography."""
        entry = bibliography(*self.book.root.glob("chapters/*.bib"),
                             *self.book.root.glob("*.bib")).get(key)
        if entry is None:
            self.fail(line, f"'{key}' is not in the bibliography")
        names = [" ".join(p.prelast_names + p.last_names) or str(p)
                 for p in entry.persons.get("author", ())]
        names = [n.replace("{", "").replace("}", "") for n in names]
        shown = ", ".join([*names[:-2], " & ".join(names[-2:])])
        if len(names) > 3:
            shown = f"{names[0]} 외"
        return shown, entry.fields.get("year", "연도 미상")

    # -- directives ------------------------------------------------------------------------------

    def directive(self, block):
        name = block.info
        if name in ADMONITIONS or name == "admonition":
            return self.admonition(block)
        method = getattr(self, "_" + name.replace("-", "_"), None)
        if method is None:
            self.fail(block.line, f"directive '{name}' is not in the book's vocabulary")
        return method(block)

    def allow(self, block, options):
        if unknown := set(block.options) - set(options):
            self.fail(block.line, f"option {sorted(unknown)} of '{block.info}' is not in the "
                                  "book's vocabulary")

    def inner(self, block):
        return self.text(block.lines, block.line + 1 + len(block.options))

    def admonition(self, block):
        self.allow(block, {"class", "name"})
        title, lines = block.argument, block
        if block.info in ADMONITIONS:               # there, the argument is the first paragraph
            title, first = ADMONITIONS[block.info], block.argument
            body = "\n\n".join(filter(None, [self.inline(first, block.line), self.inner(block)]))
        else:
            title, body = self.inline(title, block.line), self.inner(lines)
        if "dropdown" in block.options.get("class", ""):
            return f"\n<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"
        return "\n" + quoted(f"**{title}**\n\n{body}") + "\n"

    def _figure(self, block):
        self.allow(block, IMAGE_OPTIONS)
        caption = self.inner(block)
        label = next((v for v in self.book.labels.values() if v.kind == "figure"
                      and v.page == self.page and v.title == block.body.strip()), None)
        if caption and label:
            caption = f"**{self.book.number_formats['figure'] % label.number}.** {caption}"
        return "\n\n".join(filter(None, [self._image(block).strip(), caption])) + "\n"

    def _image(self, block):
        self.allow(block, IMAGE_OPTIONS)
        if not block.options.get("alt"):
            self.fail(block.line, f"{block.argument}: no alt text")
        url = self.url(block.argument.removeprefix("/"), block.line)
        return f"\n![{block.options['alt']}]({url})\n"

    def _table(self, block):
        self.allow(block, {"name", "align", "class", "widths"})
        return f"\n**{self.inline(block.argument, block.line)}**\n\n{self.inner(block)}\n"

    def _math(self, block):
        self.allow(block, {"label", "class", "nowrap"})
        return self.math("\n".join(filter(None, [block.argument, block.body])),
                         block.options.get("label", ""))

    def math(self, math, label):
        tag = f"\n\\tag{{{self.book.labels[label].number}}}" if label else ""
        return f"$$\n{strip_html_class(math).strip()}{tag}\n$$"

    def _code_block(self, block):
        self.allow(block, CODE_OPTIONS)
        return self.caption(block) + fence(block.body, block.argument)

    def caption(self, block):
        caption = block.options.get("caption")
        return f"**{self.inline(caption, block.line)}**\n\n" if caption else ""

    def _literalinclude(self, block):
        self.allow(block, CODE_OPTIONS | {"pyobject", "language", "dedent", "class"})
        return self.caption(block) + fence(self.included(block), block.options.get("language",
                                                                                   "python"))

    def included(self, block):
        path = (self.page.path.parent / block.argument).resolve()
        if not path.exists():
            self.fail(block.line, f"'{block.argument}' does not exist")
        source = path.read_text(encoding="utf-8")
        if "pyobject" not in block.options:
            return source.rstrip()
        found = python_object(source, block.options["pyobject"])
        if found is None:
            self.fail(block.line, f"{path.name} has no '{block.options['pyobject']}'")
        return found

    def _linked(self, block):
        """수식–그림–코드: the formula, the figure, the list of symbols, the code."""
        self.allow(block, {"figure", "alt", "code", "pyobject"})
        symbols = [line for line in block.lines if SYMBOL.match(line)]
        body = [line for line in block.lines if not SYMBOL.match(line)]
        parts = [self.text(body, block.line + 1 + len(block.options)),
                 self.inline("\n".join(SYMBOL.sub("- ", line) for line in symbols), block.line)]
        if figure := block.options.get("figure"):
            alt = block.options.get("alt") or self.described(figure, block.line)
            parts.insert(1, f"![{alt}]({self.url(figure, block.line)})")
        if code := block.options.get("code"):
            shown = dataclasses.replace(block, argument=code)
            parts.append(fence(self.included(shown), "python"))
        return "\n" + "\n\n".join(parts) + "\n"

    def described(self, figure, line):
        """The title that an SVG gives itself."""
        svg = (self.page.path.parent / figure).resolve()
        title = svg.exists() and re.search(r"<title[^>]*>(.*?)</title>", svg.read_text("utf-8"))
        return unescape(title[1]) if title else self.fail(line, f"'{figure}' has no <title>")

    def _quiz(self, block):
        quiz = parse_quiz(block, self.page.path)
        choices = [f"- {LETTERS[k]} {self.inline(text, block.line)}"
                   for k, (_, text, _) in enumerate(quiz["choices"])]
        answers = [f"- {LETTERS[k]} **{'맞습니다.' if right else '아닙니다.'}** "
                   f"{self.inline(why, block.line)}"
                   for k, (right, _, why) in enumerate(quiz["choices"])]
        return "\n".join([
            "", "**퀴즈.** " + self.text(quiz["question"], block.line + 1), "", *choices, "",
            "<details><summary>답과 풀이</summary>", "", *answers, "", "</details>", ""])


def fence(code, language):
    ticks = max([3, *(len(m) + 1 for m in re.findall(r"`{3,}", code))]) * "`"
    return f"{ticks}{language}\n{code}\n{ticks}"


def quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))


def python_object(source, name):
    """Source text of `Class`, `function` or `Class.method`, decorators included; None if absent."""
    node = ast.parse(source)
    for part in name.split("."):
        body = getattr(node, "body", ())
        node = next((n for n in body if getattr(n, "name", None) == part), None)
    if node is None:
        return None
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return textwrap.dedent("\n".join(source.split("\n")[first - 1:node.end_lineno]))


def parse_quiz(block, path):
    """Contract syntax -> {"question": lines, "choices": [(right, text, explanation)]}."""
    question, choices = [], []
    for k, line in enumerate(block.lines):
        if choice := re.match(r"^- \[([ xX])\] (.+)$", line):
            choices.append([choice[1] != " ", [choice[2]], []])
        elif not choices:
            question.append(line)
        elif why := re.match(r"^\s+> ?(.*)$", line):
            choices[-1][2].append(why[1])
        elif line.strip():
            if choices[-1][2] or not line.startswith(" "):
                raise BookError(path, block.line + k, f"quiz: cannot read '{line}'")
            choices[-1][1].append(line.strip())
    choices = [(right, " ".join(text), " ".join(why)) for right, text, why in choices]
    if not block.argument or len(choices) < 2 or not any(right for right, _, _ in choices):
        raise BookError(path, block.line, "quiz: an id, two choices and a right one are needed")
    if not all(why for _, _, why in choices):
        raise BookError(path, block.line, "quiz: every choice needs an explanation")
    return {"question": question, "choices": choices}


@lru_cache
def bibliography(*paths):
    entries = {}
    for path in paths:
        entries.update(parse_file(str(path), bib_format="bibtex").entries)
    return entries
