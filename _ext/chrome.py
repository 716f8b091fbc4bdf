"""What the frame shows: the book's contents with this page's sections, trail, description."""

from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.environment.adapters.toctree import TocTree

from anchors import encoded


def page_sections(app, pagename):
    """This page's own contents below its title, as a list element, or None."""
    if pagename not in app.env.tocs:
        return None
    toc = app.builder.render_partial(TocTree(app.env).get_toc_for(pagename, app.builder))[
        "fragment"
    ]
    outer = BeautifulSoup(toc, "html.parser").find("ul")
    inner = outer.find("ul") if outer else None
    if inner:
        inner["class"] = "sections"
        for deeper in inner.select("ul ul"):
            deeper.decompose()
        for element in inner.find_all(class_=True):
            del element["class"]
        inner["class"] = "sections"
    return inner


def navigation(app, pagename, toctree):
    """The book's contents: parts, chapters, the open chapter's pages and this page's sections."""
    html = toctree(collapse=True, includehidden=True, titles_only=True, maxdepth=3) or ""
    soup = BeautifulSoup(html, "html.parser")
    for caption in soup.select("p.caption"):
        for name in ("aria-level", "role"):
            del caption[name]
        caption["class"] = ["part"]
        caption.string = caption.get_text()
    for element in soup.find_all(class_=True):
        keep = [name for name in element["class"] if name in ("current", "part")]
        element["class"] = keep
        if not keep:
            del element["class"]
    here = next((link for link in reversed(soup.select("a.current")) if link["href"] == "#"), None)
    if here:
        here["aria-current"] = "page"
        sections = page_sections(app, pagename)
        if sections:
            here.insert_after(sections)
    return encoded(str(soup))


def describe(doctree):
    """What the page teaches, else its first paragraph of running text; cut at a word."""
    for box in doctree.findall(nodes.admonition):
        if box[0].astext() == "배울 것":
            return shortened(" ".join(item.astext() for item in box.findall(nodes.list_item)))
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and len(paragraph.astext()) > 30:
            return shortened(paragraph.astext())
    return ""


def shortened(text, length=155):
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def fill(app, pagename, templatename, context, doctree):
    # The theme adds nothing to the page: its buttons, icons and scripts are not used.
    toctree = context.get("toctree")
    context["book_navigation"] = lambda: navigation(app, pagename, toctree)
    context["description"] = describe(doctree) if doctree else ""
    context["author"] = app.config.author
    context["trail"] = [
        f'<a href="{parent["link"]}">{parent["title"]}</a>' for parent in context.get("parents", [])
    ]


FRONT_DOOR = """<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="refresh" content="0; url={page}"><link rel="canonical" href="{page}">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main><h1>{title}</h1><p><a href="{page}">책 열기</a></p></main></body></html>
"""


def unlabel(app, pagename, templatename, context, doctree):
    """myst-nb names folded cells in English, and otherwise than they read."""
    if "body" in context:
        label = '<summary aria-label="Toggle hidden content">'
        context["body"] = context["body"].replace(label, "<summary>")


def open_front_door(app, exception):
    """The address without a page leads to the book's first page."""
    root = app.config.root_doc
    if exception is None and app.builder.format == "html" and root != "index":
        html = FRONT_DOOR.format(title=app.config.html_title, page=app.builder.get_target_uri(root))
        (Path(app.outdir) / "index.html").write_text(html, "utf-8")


def setup(app):
    app.connect("html-page-context", fill, priority=800)
    app.connect("html-page-context", unlabel)
    app.connect("build-finished", open_front_door)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
