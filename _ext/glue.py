"""Formulas and code stay on one line with the particle, bracket or number that touches them.

Korean breaks between words, but a browser also breaks after a formula or a code span, so that 을
or 에서 would open the next line. What is too wide for a phone's line is left to break.
"""

import re
import unicodedata

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

WIDEST = 290  # px, in a phone's column of 350
AFTER, BEFORE = re.compile(r"\S{1,8}"), re.compile(r"(?:[(‘“]+|(?<!\S)\S{1,4})$")
MARKUP = re.compile(r"\\htmlClass\{[^}]*\}|\\operatorname|[{}_^\s]")


def width(node):
    """Roughly, in px, at the page's text size."""
    if isinstance(node, nodes.math):
        return 9.5 * len(re.sub(r"\\[a-zA-Z]+", "x", MARKUP.sub("", node.astext())))
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in node.astext())
    return 8.5 * len(node.astext()) + 8 * wide


class Glue(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        inline = (nodes.math, nodes.literal)
        for node in list(self.document.findall(lambda n: isinstance(n, inline))):
            if not isinstance(node.parent, nodes.inline) or "glue" not in node.parent["classes"]:
                glue(node)


def glue(node):
    parent, place = node.parent, node.parent.index(node)
    before, after = (parent[k] if 0 <= k < len(parent) else None for k in (place - 1, place + 1))
    parts = [node]
    if isinstance(after, nodes.Text) and (head := AFTER.match(after)):
        parts.append(nodes.Text(head[0]))
    if isinstance(before, nodes.Text) and (tail := BEFORE.search(before)):
        parts.insert(0, nodes.Text(tail[0]))
    if sum(map(width, parts)) > WIDEST:
        parts = [node] if width(node) <= WIDEST else []
    if not parts:
        return
    if parts[-1] is not node:
        parent[place + 1] = nodes.Text(after[len(parts[-1]):])
    if parts[0] is not node:
        parent[place - 1] = nodes.Text(before[: len(before) - len(parts[0])])
    parent[place] = nodes.inline("", "", *parts, classes=["glue"])


def setup(app):
    app.add_post_transform(Glue)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
