"""A heading's address is its text: #망각-게이트, the second of the same words #망각-게이트-2.

docutils knows only ASCII and would number Korean headings id1, id2 …, so that a section put in
between would move every bookmark after it. For the same reason an exercise goes without its number.
"""

import re
import unicodedata
from urllib.parse import quote

from docutils import nodes
from sphinx.transforms import SphinxTransform

BESIDE = re.compile(r"^문제 \d+\. |\s*\([^()]*\)$")
LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]+)')


def slug(title):
    words = BESIDE.sub("", unicodedata.normalize("NFC", title)).lower()
    return re.sub(r"\W+", "-", words).strip("-") or "section"


class HeadingIds(SphinxTransform):
    default_priority = 1  # before anything has read an id

    def apply(self):
        taken = self.document.ids
        sections = list(self.document.findall(nodes.section))
        for section in sections:
            del taken[section["ids"].pop(0)]
        for section in sections:
            plain = slug(section.next_node(nodes.title).astext())
            name, number = plain, 1
            while name in taken:
                number += 1
                name = f"{plain}-{number}"
            taken[name] = section
            section["ids"].insert(0, name)
            for title in section["names"]:
                self.document.nameids[title] = name


def encoded(html):
    """Links with their Korean percent-encoded."""
    return LINK.sub(lambda link: link[1] + quote(link[2], safe="%/:;?#&=+,@!$'()*~"), html)


def encode(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = encoded(context["body"])


def setup(app):
    app.add_transform(HeadingIds)
    app.connect("html-page-context", encode)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
