"""The book as data: reading order, page sources, blocks of MyST, labels and their numbers.

Shared by the notebook converter and the book checks; knows nothing of notebooks or of Sphinx.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
NUMBER_FORMATS = {"figure": "그림 %s", "table": "표 %s", "code-block": "코드 %s", "section": "%s절"}

OPENING = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
DIRECTIVE = re.compile(r"^\s*\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*)$")
MATH_END = re.compile(r"\$\$\s*(?:\((?P<label>[^)\s]+)\))?\s*$")
TARGET = re.compile(r"^\((?P<label>[^)\s]+)\)=\s*$")
HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<title>.+?)\s*#*$")


class BookError(Exception):
    """Something in a page that the book does not allow, with its place."""

    def __init__(self, path, line, message):
        path = Path(path)
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        super().__init__(f"{shown}:{line}: {message}")


@dataclass
class Block:
    """A piece of a page. kind: text | code | math | directive."""

    kind: str
    line: int
    lines: list = field(default_factory=list)   # the body, without fences and indentation
    indent: str = ""
    info: str = ""                              # code: language · math: label · directive: name
    argument: str = ""
    options: dict = field(default_factory=dict)

    @property
    def body(self):
        return "\n".join(self.lines)


def split_blocks(lines, path="", first=1):
    """Cut the lines of a page into blocks; `first` is the number of the first line."""
    k, text = 0, None
    while k < len(lines):
        line, opening = lines[k], OPENING.match(lines[k])
        if opening or line.strip().startswith("$$"):
            if text:
                yield text
            text, start = None, k
            indent = line[:len(line) - len(line.lstrip())]
            end = _closing(lines, k, opening, path, first)
            if opening:
                body = [b.removeprefix(indent) for b in lines[k + 1:end]]
                yield _fenced(opening, body, first + start, indent, path)
            else:
                whole = "\n".join(b.removeprefix(indent) for b in lines[k:end + 1]).strip()
                label = MATH_END.search(whole)["label"] or ""
                body = MATH_END.sub("", whole).removeprefix("$$").strip("\n").split("\n")
                yield Block("math", first + start, body, indent, label)
            k = end + 1
            continue
        text = text or Block("text", first + k)
        text.lines.append(line)
        k += 1
    if text:
        yield text


def _closing(lines, start, opening, path, first):
    if opening:
        fence = opening["fence"]
        close = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
        for k in range(start + 1, len(lines)):
            if close.match(lines[k]):
                return k
    else:
        for k in range(start, len(lines)):
            rest = lines[k].strip()[2:] if k == start else lines[k]
            if MATH_END.search(rest):
                return k
    raise BookError(path, first + start, "block is never closed")


def _fenced(opening, body, line, indent, path):
    directive = DIRECTIVE.match(opening["info"])
    if not directive:
        if opening["fence"][0] == ":":
            raise BookError(path, line, "':::' opens no directive")
        return Block("code", line, body, indent, opening["info"].strip())
    options, body = _options(body, path, line)
    return Block("directive", line, body, indent, directive["name"],
                 directive["argument"].strip(), options)


def _options(body, path, line):
    if body and body[0].strip() == "---":
        if "---" not in (later := [b.strip() for b in body[1:]]):
            raise BookError(path, line, "option block is never closed")
        end = later.index("---") + 1
        return yaml.safe_load("\n".join(body[1:end])) or {}, body[end + 1:]
    options, k = {}, 0
    while k < len(body) and (match := re.match(r"^:([\w-]+):\s*(.*)$", body[k])):
        options[match[1]] = match[2].strip()
        k += 1
    while k < len(body) and not body[k].strip():
        k += 1
    return options, body[k:]


@dataclass(frozen=True)
class Page:
    """One Markdown source. name: its path from the root, without suffix."""

    root: Path
    name: str
    number: tuple = ()           # chapter number and section number, where _toc.yml numbers

    @property
    def path(self):
        return self.root / f"{self.name}.md"

    @property
    def notebook(self):
        return self.path.with_suffix(".ipynb")

    @cached_property
    def source(self):
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def executable(self):
        """Whether the page declares itself a MyST notebook."""
        return bool(re.match(r"---\n(?:.*\n)*?\s*format_name: myst\n(?:.*\n)*?---\n", self.source))

    @cached_property
    def blocks(self):
        lines = self.source.split("\n")
        start = 0
        if lines[0] == "---":
            start = lines.index("---", 1) + 1
        return list(split_blocks(lines[start:], self.path, start + 1))

    def walk(self, blocks=None):
        """Every block of the page, those inside directives too."""
        for block in self.blocks if blocks is None else blocks:
            yield block
            if block.kind == "directive" and block.info not in VERBATIM:
                yield from self.walk(split_blocks(block.lines, self.path, block.line + 1))

    @cached_property
    def title(self):
        for block in self.blocks:
            for line in block.lines if block.kind == "text" else ():
                if heading := HEADING.match(line):
                    return heading["title"]
        raise BookError(self.path, 1, "page has no title")


VERBATIM = {"code-cell", "code-block", "code", "literalinclude", "math", "quiz"}


@dataclass(frozen=True)
class Label:
    """What a label names. kind: section | figure | table | code-block | equation."""

    page: Page
    kind: str
    number: str
    title: str


class Book:
    """All pages in reading order, and every label."""

    def __init__(self, root=ROOT):
        self.root = Path(root)
        self.config = self._yaml("_config.yml")
        self.pages = list(self._read_toc())

    def _yaml(self, name):
        path = self.root / name
        return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}

    @cached_property
    def repository(self):
        """Address of the repository, '' where none is known, and the branch."""
        place = self.config.get("repository") or {}
        url = (place.get("url") or "").rstrip("/").removesuffix(".git")
        return url, place.get("branch", "main")

    @cached_property
    def number_formats(self):
        sphinx = (self.config.get("sphinx") or {}).get("config") or {}
        return NUMBER_FORMATS | (sphinx.get("numfig_format") or {})

    def _read_toc(self):
        toc = self._yaml("_toc.yml")
        yield Page(self.root, toc["root"])
        chapter = 0
        for part in toc.get("parts") or [toc]:
            numbered = part.get("numbered") or (part.get("options") or {}).get("numbered")
            for entry in part.get("chapters", ()):
                chapter += bool(numbered)
                yield from self._entries(entry, (chapter,) if numbered else ())

    def _entries(self, entry, number):
        yield Page(self.root, entry["file"], number)
        for k, section in enumerate(entry.get("sections", ()), 1):
            yield from self._entries(section, (*number, k) if number else ())

    @property
    def sources(self):
        """Every Markdown file under chapters/, in the table of contents or not."""
        return sorted(p for p in (self.root / "chapters").rglob("*.md")
                      if not any(part.startswith((".", "_")) for part in p.parts))

    def page(self, path):
        """The page of a path, absolute or from the root, with or without suffix."""
        path = Path(path)
        path = path if path.is_absolute() else self.root / path
        for page in self.pages:
            if page.path in (path, path.with_name(path.name + ".md")):
                return page
        return None

    @cached_property
    def labels(self):
        """Labels and the numbers that Sphinx's numfig gives them (counted by chapter)."""
        found, counts = {}, {}
        for page in self.pages:
            for label, kind, title, line in labelled(page):
                number = ""
                if kind == "section":
                    number = ".".join(map(str, page.number))
                elif kind != "page":
                    key = kind, page.number[:1]
                    counts[key] = counts.get(key, 0) + 1
                    number = ".".join(map(str, (*page.number[:1], counts[key])))
                if label in found:
                    raise BookError(page.path, line, f"label '{label}' is also in "
                                                     f"{found[label].page.name}.md")
                if label:
                    found[label] = Label(page, kind, number, title)
        return found


def labelled(page):
    """(label or '', kind, title, line) of everything in the page that has a number or a label."""
    waiting = None
    for block in page.walk():
        if block.kind == "math" and block.info:
            yield block.info, "equation", "", block.line
        elif block.kind == "directive":
            label = block.options.get("name") or block.options.get("label") or waiting or ""
            if block.info == "math" and block.options.get("label"):
                yield block.options["label"], "equation", "", block.line
            elif block.info == "figure" and block.body.strip():
                yield label, "figure", block.body.strip(), block.line
            elif block.info == "table" and block.argument:
                yield label, "table", block.argument, block.line
            elif block.info in ("code-block", "literalinclude") and "caption" in block.options:
                yield label, "code-block", block.options["caption"], block.line
            elif label:
                yield label, "page", block.argument, block.line
            waiting = None
        for k, line in enumerate(block.lines if block.kind == "text" else ()):
            if target := TARGET.match(line):
                waiting = target["label"]
            elif line.strip():
                heading = HEADING.match(line)
                if waiting and heading:
                    yield waiting, "section", heading["title"], block.line + k
                elif waiting:
                    yield waiting, "page", line.strip(), block.line + k
                waiting = None
