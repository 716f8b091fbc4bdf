"""Diagrams become part of the page: every {figure} or {image} of img/*.svg is inlined, not linked.

So a diagram follows the light and dark theme (its colours are `var(--fig-…, #fallback)`, see
book.css), uses the book's font, and its parts can be lit by linked math. `:alt:` becomes the
accessible name, else the SVG's own <title> and <desc>. Ids inside are made unique on the page.
`:class: fit` shrinks a diagram on a phone instead of letting it scroll.
"""

import re
from html import escape, unescape
from itertools import count
from pathlib import Path

from docutils import nodes

TITLE = re.compile(r"\s*<title[^>]*>(.*?)</title>", re.DOTALL)
DESC = re.compile(r"\s*<desc[^>]*>(.*?)</desc>", re.DOTALL)
ROOT_TAG = re.compile(r"<svg\b([^>]*)>")


def inline(source, alt, number):
    """The SVG as an element of a page; `number` tells copies on one page apart."""
    svg = re.sub(r"<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE.*?>", "", source, flags=re.DOTALL).strip()
    words = [unescape(m[1].strip()) for pattern in (TITLE, DESC) if (m := pattern.search(svg))]
    svg = DESC.sub("", TITLE.sub("", svg, count=1), count=1)
    for name in re.findall(r'\bid="([^"]+)"', svg):
        svg = re.sub(
            rf'(\bid="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\g<1>{name}--{number}", svg
        )
    attributes = re.sub(r'\s(?:role|aria-\w+|class|xmlns)="[^"]*"', "", ROOT_TAG.search(svg)[1])
    width = re.search(r'\bwidth="([\d.]+)', attributes)
    size = f' style="--width:{width[1]}px"' if width else ""
    label = escape(alt or ". ".join(word.rstrip(".") for word in words) or "그림", quote=True)
    return ROOT_TAG.sub(
        lambda _: f'<svg class="figure" role="img" aria-label="{label}"{size}{attributes}>',
        svg,
        count=1,
    )


def is_diagram(app, node):
    return node["uri"].endswith(".svg") and Path(node["uri"]).parts[:1] == ("img",)


def visit_image(translator, node):
    app = translator.builder.app
    if not is_diagram(app, node):
        type(translator).visit_image(translator, node)
        return
    if not hasattr(translator, "svg_number"):
        translator.svg_number = count(1)
    source = (Path(app.srcdir) / node["uri"]).read_text("utf-8")
    svg = inline(
        source,
        node.get("alt") if node.get("alt") != node["uri"] else "",
        next(translator.svg_number),
    )
    translator.body.append(
        f'<div class="{" ".join(["diagram", "scrolls", *node["classes"]])}">{svg}</div>\n'
    )
    raise nodes.SkipNode


def depart_image(translator, node):
    type(translator).depart_image(translator, node)


def setup(app):
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
