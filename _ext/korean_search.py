"""A search that knows Korean: its index, its page and the script that waits for it.

When the book is built, each section of each page becomes one entry (search_entries.py), taken from
the resolved doctrees. The browser fetches the index at the first use of the search, not before, and
does the rest: static/search/engine.js says how. Sphinx's own index is not made.

Chosen by measuring on tests/search_queries.toml: bench/search.py has the table.
"""

import json
import tomllib
from pathlib import Path

from search_entries import entries

HERE = Path(__file__).resolve().parent
TERMS = HERE.parent / "tools" / "terms.toml"
WORDS = HERE / "search_words.toml"

# What explains comes before what measures, asks or lists numbers; chapters before the cover.
PRIOR = {"experiments": 0.8, "exercises": 0.3, "results": 0.3, "chapters/index": 0.6}


def remember(app):
    """Entries by page; an incremental build keeps those of the pages it does not touch."""
    app.search_file = Path(app.doctreedir) / "search.json"
    app.search_entries = {}
    if app.search_file.exists():
        app.search_entries = json.loads(app.search_file.read_text("utf-8"))
    app.builder.search = False


def collect(app, doctree, docname):
    if app.builder.format == "html":
        app.search_entries[docname] = list(entries(doctree))


def reading_order(app):
    order = []

    def walk(docname):
        if docname not in order:
            order.append(docname)
            for child in app.env.toctree_includes.get(docname, []):
                walk(child)

    walk(app.config.root_doc)
    return [docname for docname in order if docname in app.search_entries]


def names_of(term):
    """A term with its other names: "f" forbidden, "b" abbreviations, "s" any other."""
    bad, short = term.get("forbidden", []), term.get("abbr", [])
    also = dict.fromkeys([term["en"], *term.get("synonyms", [])])
    return {
        "k": term["ko"],
        "c": f"chapters/{term['chapter']}/",
        "f": bad,
        "b": [name for name in short if name != term["ko"]],
        "s": [name for name in also if name not in (*bad, *short, term["ko"])],
    }


def build_index(app):
    """Everything the browser needs, as one value."""
    names = reading_order(app)
    return {
        "pages": [{
            "u": app.builder.get_target_uri(name),
            "h": app.env.titles[name].astext(),
            "w": PRIOR.get(name, PRIOR.get(name.split("/")[-1], 1)),
        } for name in names],
        "entries": [{"p": number, **entry}
                    for number, name in enumerate(names) for entry in app.search_entries[name]],
        "terms": [names_of(term) for term in tomllib.loads(TERMS.read_text("utf-8"))["term"]],
        "words": tomllib.loads(WORDS.read_text("utf-8"))["words"],
    }


def write_index(app, exception):
    if exception or app.builder.format != "html":
        return
    (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)      # of an older build
    app.search_file.write_text(json.dumps(app.search_entries, ensure_ascii=False), "utf-8")
    data = json.dumps(build_index(app), ensure_ascii=False, separators=(",", ":"))
    target = Path(app.outdir) / "_static" / "search" / "index.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(data, "utf-8")


def link_loader(app, pagename, templatename, context, doctree):
    app.add_js_file("search/loader.js", type="module")
    if "chapters/glossary" in app.env.found_docs:
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
