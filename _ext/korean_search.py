"""A search that knows Korean: the index and the pages that use it.

When the book is built, each section of each page becomes one entry – heading, sentences, code – taken from the resolved
doctrees: no cell output, no quiz choice, nothing folded away, no solution.  Every term of the glossary and every
reference is an entry of its own.  The reader's browser fetches the index at the first use of the search, not before, and
does the rest: static/search/engine.js says how.  Sphinx's own index is not made.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = HERE / "static" / "search"
TERMS = ROOT / "tools" / "terms.toml"
WORDS = HERE / "search_words.toml"

SYMBOLS = {
    "partial": "∂", "odot": "⊙", "sigma": "σ", "times": "×", "cdot": "·", "approx": "≈", "epsilon": "ε", "top": "T",
    "le": "≤", "ge": "≥", "sum": "Σ", "prod": "Π", "alpha": "α", "beta": "β", "lambda": "λ", "theta": "θ", "tanh": "tanh",
    "exp": "exp", "ln": "ln", "log": "log", "to": "→", "in": "∈", "mathrel": "", "infty": "∞", "ldots": "…", "dots": "…",
}
SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*\n?", re.DOTALL | re.MULTILINE)
HIDDEN = {"cell_output", "dropdown", "toctree-wrapper", "quiz-answers"}
SKIPPED = (nodes.raw, nodes.image, nodes.comment, nodes.target, nodes.substitution_definition, nodes.system_message,
           nodes.citation, nodes.label, addnodes.toctree, addnodes.index, addnodes.glossary)
# What explains comes before what asks, sums up or lists numbers.
PRIOR = {"exercises": 0.3, "results": 0.3, "chapters/index": 0.6}
PASSING = {"정리": 0.6, "다음": 0.4, "사전 퀴즈": 0.5, "사후 퀴즈": 0.8}
LINES = (nodes.paragraph, nodes.caption, nodes.rubric, nodes.term, nodes.line, nodes.title, nodes.attribution)


def plain(tex):
    """A formula as one would type it: `\\frac{\\partial c_t}{\\partial c_{t-1}}` -> `∂c_t/∂c_t-1`."""
    tex = re.sub(r"\\htmlClass\{[^}]*\}|\\(?:begin|end)\{[^}]*\}|\\label\{[^}]*\}|\\[,;:!> ]|\\q?quad\b|&|\\\\", " ", tex)
    tex = re.sub(r"\\[dt]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{", r"\1/{", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda m: SYMBOLS.get(m[1], " "), tex)
    tex = re.sub(r"\s*_\s*", "_", re.sub(r"[{}\\]", "", tex))
    return " ".join(re.sub(r"∂\s+", "∂", tex).split())


def inline(node):
    """What a reader sees of a line."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return plain(node.astext())
    if isinstance(node, SKIPPED) or "bibtex" in node.get("classes", ()):
        return ""
    return "".join(inline(child) for child in node.children)


def is_hidden(node):
    return bool(HIDDEN.intersection(node.get("classes", ())))


def blocks(node):
    """(kind, text) of everything in a section that stands outside its subsections."""
    for child in node.children:
        if isinstance(child, nodes.literal_block):
            yield "code", SOLUTION.sub("", child.astext())
        elif isinstance(child, nodes.math_block):
            yield "math", plain(child.astext())
        elif isinstance(child, nodes.row):
            yield "text", " · ".join(filter(None, (" ".join(inline(cell).split()) for cell in child)))
        elif isinstance(child, LINES) and not (isinstance(child, nodes.title) and isinstance(node, nodes.section)):
            yield "text", inline(child)
        elif type(child).__name__ in ("quiz_choice", "quiz_why") or isinstance(child, nodes.section):
            continue
        elif isinstance(child, nodes.Element) and not isinstance(child, SKIPPED) and not is_hidden(child):
            yield from blocks(child)


def tidy(pieces):
    """{"x": sentences, "c": code} of blocks, one block a line; empty ones left out."""
    text = [" ".join(piece.split()) for kind, piece in pieces if kind == "text"]
    code = [line.rstrip() for kind, piece in pieces if kind != "text" for line in piece.splitlines()]
    entry = {"x": "\n".join(filter(None, text)), "c": "\n".join(line for line in code if line.strip())}
    return {key: value for key, value in entry.items() if value}


def stressed(section):
    """Words the author set in bold: where a term is introduced."""
    found = (node for node in section.findall(nodes.strong) if nearest_section(node) is section)
    return " · ".join(dict.fromkeys(inline(node) for node in found))


def nearest_section(node):
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def byline(citation):
    """Who and when: `Sepp Hochreiter and Jürgen Schmidhuber. Long … 1997.` -> `Hochreiter, Schmidhuber 1997`."""
    authors = re.split(r"(?<=[^\W\d_A-Z])\. ", citation)[0]
    names = [name.split()[-1] for name in re.split(r",? and |, ", authors) if name.strip()]
    years = re.findall(r"\b(?:19|20)\d\d\b", re.sub(r"\S*(?:arXiv|doi):\S*|\d+[–-]\d+", "", citation))
    return " ".join([", ".join(names) if len(names) < 3 else f"{names[0]} 외", *years[-1:]])


def entries(doctree):
    """The entries of one page: {"h" heading, "a" anchor, "k" stressed words, "x" text, "c" code}, in reading order."""
    for section in doctree.findall(nodes.section):
        title = inline(section[section.first_child_matching_class(nodes.title)])
        whole = isinstance(section.parent, nodes.document)
        found = tidy([piece for piece in blocks(section)])
        if bold := stressed(section):
            found["k"] = bold
        if title in PASSING:
            found["w"] = PASSING[title]
        yield {"h": title, "a": "" if whole else section["ids"][0], **found}
        for item in section.findall(nodes.definition_list_item):
            if isinstance(item.parent.parent, addnodes.glossary) and item.parent.parent.parent is section:
                term = next(item.findall(nodes.term))
                meaning = [inline(part) for paragraph in item.findall(nodes.paragraph) for part in paragraph
                           if not isinstance(part, nodes.reference)]
                yield {"h": inline(term), "a": term["ids"][0], "x": " ".join("".join(meaning).split()), "t": 1}
        for citation in section.findall(nodes.citation):
            text = " ".join("".join(inline(part) for part in citation).split())
            yield {"h": byline(text), "a": citation["ids"][0], "x": text, "t": 2}


def pages(app):
    """Documents in reading order."""
    order = []

    def walk(docname):
        if docname not in order:
            order.append(docname)
            for child in app.env.toctree_includes.get(docname, []):
                walk(child)

    walk(app.config.root_doc)
    return order


def remember(app):
    """Entries by page; those of pages that an incremental build leaves alone come from the last build."""
    app.search_file = Path(app.doctreedir) / "search.json"
    app.search_entries = json.loads(app.search_file.read_text("utf-8")) if app.search_file.exists() else {}
    app.builder.search = False


def collect(app, doctree, docname):
    if app.builder.format == "html":
        app.search_entries[docname] = list(entries(doctree))


def build_index(app):
    """Everything the browser needs, as one value."""
    names = pages(app)
    found = [{"p": number, **entry} for number, name in enumerate(names) for entry in app.search_entries[name]]
    terms = []
    for term in tomllib.loads(TERMS.read_text("utf-8"))["term"]:
        bad, short = term.get("forbidden", []), term.get("abbr", [])
        also = dict.fromkeys([term["en"], *term.get("synonyms", [])])
        terms.append({
            "k": term["ko"], "c": f"chapters/{term['chapter']}/", "f": bad,
            "b": [name for name in short if name != term["ko"]],
            "s": [name for name in also if name not in (*bad, *short, term["ko"])],
        })
    return {
        "pages": [
            {"u": app.builder.get_target_uri(name), "h": app.env.titles[name].astext(), "w": PRIOR.get(name, PRIOR.get(name.split("/")[-1], 1))}
            for name in names
        ],
        "entries": found,
        "terms": terms,
        "words": tomllib.loads(WORDS.read_text("utf-8"))["words"],
    }


def write_index(app, exception):
    if exception or app.builder.format != "html":
        return
    app.search_file.write_text(json.dumps(app.search_entries, ensure_ascii=False), "utf-8")
    data = json.dumps(build_index(app), ensure_ascii=False, separators=(",", ":")).encode()
    folder = Path(app.outdir) / "_static" / "search"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "index.json"
    if not (target.exists() and target.read_bytes() == data):
        target.write_bytes(data)


def link_loader(app, pagename, templatename, context, doctree):
    app.add_js_file("search/loader.js", type="module")
    if pagename == "search" and "chapters/glossary" in app.env.found_docs:
        context["glossary_url"] = context["pathto"]("chapters/glossary")


def search_page(app):
    yield "search", {"title": "찾기"}, "search.html"


def setup(app):
    app.connect("builder-inited", remember)
    app.connect("doctree-resolved", collect, priority=900)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", link_loader)
    app.connect("build-finished", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
