r"""수식–그림–코드 연결: one idea in three notations, whose symbols light up together.

    ```{linked} lstm-step
    :figure: ../../img/lstm_cell.svg
    :code: ../../code/rnnbook/scratch/lstm.py
    :pyobject: LSTMCell.step

    $$
    \htmlClass{sym-f}{f_t} = \sigma(\dots) \qquad
    \htmlClass{sym-c}{c_t} = \htmlClass{sym-f}{f_t} \odot \htmlClass{sym-cprev}{c_{t-1}} + \dots
    $$

    - f $f_t$ 망각 게이트: `sigmoid(f)`, `f * c`
    - c $c_t$ 셀 상태: `c_next = f * c + i * g`
    ```

The body is Markdown that ends in one list: the symbols. An item is the symbol's class without
`sym-`, a label, a colon, and the pieces of code that belong to it, in backticks. In formulas a
symbol is marked by `\htmlClass{sym-f}{…}`, in the SVG by class="sym-f". Each piece must occur
in the shown code, and each symbol in formula or figure: else the build fails.

Paths are relative to the page; `:figure:` or `:code:` may be left out. `:alt:` overrides the
figure's own description. Pointing at a symbol lights it everywhere; the list's items become
buttons, so Tab, Enter and a finger do the same and a screen reader is told. Without JavaScript
it is an equation, a figure, code and a list of symbols.
"""

import re
import textwrap
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from inline_svg import inline
from phrase import phrase

ITEM = re.compile(
    r"- (?P<symbol>[A-Za-z][\w-]*) (?P<label>.+?):(?P<pieces>(?:\s*,?\s*`[^`]+`)*)\s*$"
)
PIECE = re.compile(r"`([^`]+)`")


class linked(nodes.General, nodes.Element):
    pass


class linked_legend(nodes.General, nodes.Element):
    pass


class linked_symbol(nodes.General, nodes.Element):
    """Attributes: symbol. Children: the label."""


class LinkedDirective(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "figure": directives.path,
        "alt": directives.unchanged,
        "code": directives.path,
        "pyobject": directives.unchanged,
    }

    def run(self):
        items, body = self.split()
        block = linked(ids=[self.arguments[0]])
        self.set_source_info(block)
        self.state.document.note_explicit_target(block)
        self.state.nested_parse(body, self.content_offset, block)
        formulas = "".join(node.astext() for node in block.findall(nodes.math_block))
        figure = self.figure()
        block += self.legend(items)
        if figure:
            block += nodes.raw("", f'<div class="diagram scrolls">{figure}</div>', format="html")
        if "code" in self.options:
            block += nodes.raw("", self.code(items), format="html")
        elif any(item["pieces"] for item in items):
            raise self.error("linked: :code:가 없는데 코드 조각이 적혀 있습니다")
        for item in items:
            name = f"sym-{item['symbol']}"
            if not re.search(rf"(?<![\w-]){name}(?![\w-])", formulas + figure):
                raise self.error(f"linked: 기호 '{item['symbol']}'이(가) 식에도 그림에도 없습니다")
        return [block]

    def split(self):
        """(items, the rest): the list at the end of the body, and what stands before it."""
        end = len(self.content)
        while end and not self.content[end - 1].strip():
            end -= 1
        items = []
        while end and (match := ITEM.match(self.content[end - 1])):
            end -= 1
            label = StringList([match["label"]], items=[self.content.info(end)])
            pieces = PIECE.findall(match["pieces"])
            items.insert(0, {"symbol": match["symbol"], "label": label, "pieces": pieces})
        if not items:
            raise self.error("linked: 끝에 기호의 목록(- f $f_t$ 이름: `조각`)이 있어야 합니다")
        return items, self.content[:end]

    def file(self, option):
        _, path = self.env.relfn2path(self.options[option])
        self.env.note_dependency(path)
        if not Path(path).is_file():
            raise self.error(f"linked: 파일이 없습니다: {self.options[option]}")
        return Path(path).read_text("utf-8")

    def figure(self):
        if "figure" not in self.options:
            return ""
        return inline(self.file("figure"), self.options.get("alt"), f"{self.arguments[0]}")

    def legend(self, items):
        legend = linked_legend()
        for item in items:
            legend += phrase(self, linked_symbol(symbol=item["symbol"]), item["label"])
        return legend

    def code(self, items):
        """The code as highlighted HTML in which each piece carries its symbols' classes."""
        text = self.file("code").rstrip("\n")
        if "pyobject" in self.options:
            places = ModuleAnalyzer.for_string(text, "").find_tags()
            if self.options["pyobject"] not in places:
                raise self.error(f"linked: '{self.options['pyobject']}'을(를) 찾지 못했습니다")
            _, first, last = places[self.options["pyobject"]]
            text = textwrap.dedent("\n".join(text.split("\n")[first - 1 : last])).rstrip()
        symbols = [set() for _ in text]
        for item in items:
            for piece in item["pieces"]:
                starts = [
                    match.start()
                    for match in re.finditer(rf"(?<!\w){re.escape(piece)}(?!\w)", text)
                ]
                if not starts:
                    raise self.error(f"linked: 코드에 `{piece}`가 없습니다")
                for start in starts:
                    for place in symbols[start : start + len(piece)]:
                        place.add(f"sym-{item['symbol']}")
        code = painted(text, symbols)
        return f'<div class="highlight-python"><div class="highlight"><pre>{code}</pre></div></div>'


def painted(text, symbols):
    """Pygments' spans, cut where the set of symbols changes."""
    html, place = [], 0
    for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        css = STANDARD_TYPES.get(kind) or ""
        start = 0
        for end in range(1, len(value) + 1):
            if end == len(value) or symbols[place + end] != symbols[place + start]:
                classes = " ".join(filter(None, [css, *sorted(symbols[place + start])]))
                piece = escape(value[start:end], quote=False)
                html.append(f'<span class="{classes}">{piece}</span>' if classes else piece)
                start = end
        place += len(value)
    return "".join(html)


def visit_linked(self, node):
    self.body.append(self.starttag(node, "div", CLASS="linked"))


def depart_linked(self, node):
    self.body.append("</div>\n")


def visit_legend(self, node):
    self.body.append('<ul class="linked-legend" aria-label="기호">')


def depart_legend(self, node):
    self.body.append("</ul>\n")


def visit_symbol(self, node):
    self.body.append(f'<li data-symbol="{node["symbol"]}">')


def depart_symbol(self, node):
    self.body.append("</li>")


def link_assets(app, pagename, templatename, context, doctree):
    if doctree and next(doctree.findall(linked), None):
        app.add_css_file("linked.css")
        app.add_js_file("linked.js")


def setup(app):
    app.add_node(linked, html=(visit_linked, depart_linked))
    app.add_node(linked_legend, html=(visit_legend, depart_legend))
    app.add_node(linked_symbol, html=(visit_symbol, depart_symbol))
    app.add_directive("linked", LinkedDirective)
    app.connect("html-page-context", link_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
