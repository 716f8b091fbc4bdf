"""Citations read as in Korean papers: (Hochreiter & Schmidhuber, 1997), (Greff 외, 2017)."""

import re
from dataclasses import dataclass, field

from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def brackets():
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class BookReferenceStyle(AuthorYearReferenceStyle):
    bracket_parenthetical: BracketStyle = field(default_factory=brackets)
    bracket_textual: BracketStyle = field(default_factory=brackets)
    bracket_author: BracketStyle = field(default_factory=brackets)
    bracket_label: BracketStyle = field(default_factory=brackets)
    bracket_year: BracketStyle = field(default_factory=brackets)
    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(sep=", ", sep2=" & ", last_sep=" & ", other=" 외")
    )


def drop_roles(app, pagename, templatename, context, doctree):
    """docutils marks references with ARIA roles that WCAG's checkers refuse on these elements."""
    if "body" in context:
        context["body"] = re.sub(
            r' role="(?:doc-biblioentry|doc-backlink|doc-noteref|list)"', "", context["body"]
        )


def setup(app):
    register_plugin("sphinxcontrib.bibtex.style.referencing", "book", BookReferenceStyle)
    app.connect("html-page-context", drop_roles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
