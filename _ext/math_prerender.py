"""Math becomes HTML and MathML while the book is built: one KaTeX process, no script in the page.

`$…$`, `$$…$$` and `{math}` with labels and `{eq}` references work as in Sphinx;
`\\htmlClass{sym-f}{f_t}` marks a symbol for linked math (see linked.py). A formula KaTeX
refuses is a warning, so the build (-W) fails. Rendered formulas are kept in the build folder
and rendered again only when they change.
"""

import hashlib
import json
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)
WORD_JOINER = "&#8288;"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def displayed(tex):
    """The body of a display formula: several lines or paragraphs are aligned at their `&`."""
    tex = tex.strip()
    parts = [part.strip() for part in tex.split("\n\n") if part.strip()]
    if len(parts) > 1:
        return r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"
    if r"\\" in tex and not tex.startswith(r"\begin{"):
        return r"\begin{aligned}" + tex + r"\end{aligned}"
    return tex


def formula(node):
    """(tex, display) of a math node."""
    if isinstance(node, nodes.math_block):
        return displayed(node.astext()), True
    return node.astext().strip(), False


class Formulas:
    """Rendered formulas, remembered on disk between builds."""

    def __init__(self, path):
        version = json.loads((ROOT / "node_modules/katex/package.json").read_text())["version"]
        self.path, self.salt = path, version + (HERE / "katex_batch.mjs").read_text()
        self.known = json.loads(path.read_text()) if path.exists() else {}

    def key(self, tex, display):
        return hashlib.sha256(f"{self.salt}\0{display}\0{tex}".encode()).hexdigest()[:32]

    def render(self, formulas):
        """Render, in one Node process, those of [(tex, display)] not known yet."""
        new = {self.key(*f): f for f in formulas}
        new = {key: f for key, f in new.items() if key not in self.known}
        if not new:
            return
        jobs = json.dumps([{"tex": tex, "display": display} for tex, display in new.values()])
        answer = subprocess.run(
            ["node", str(HERE / "katex_batch.mjs")],
            input=jobs,
            capture_output=True,
            text=True,
            check=True,
        )
        self.known.update(zip(new, json.loads(answer.stdout), strict=True))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.known, ensure_ascii=False))

    def html(self, node):
        tex, display = formula(node)
        self.render([(tex, display)])
        result = self.known[self.key(tex, display)]
        if "error" in result:
            logger.warning(
                "수식을 조판하지 못했습니다: %s\n%s", result["error"], tex, location=node
            )
            return f"<code>{tex}</code>"
        return result["html"]


def prerender_all(app, env):
    if app.builder.format != "html":
        return
    formulas = []
    for docname in sorted(env.found_docs):
        doctree = env.get_doctree(docname)
        formulas += [
            formula(n)
            for n in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block))
        ]
    app.formulas.render(formulas)


def visit_inline(translator, node):
    html = translator.builder.app.formulas.html(node)
    before, after = neighbours(node)
    head = WORD_JOINER if before and not before[-1].isspace() else ""
    tail = WORD_JOINER if after and not after[0].isspace() else ""
    translator.body.append(f'{head}<span class="math">{html}</span>{tail}')
    raise nodes.SkipNode


def neighbours(node):
    """The texts that touch an inline formula: a particle must not fall on the next line."""
    siblings = node.parent.children
    place = siblings.index(node)
    texts = [siblings[k] if 0 <= k < len(siblings) else "" for k in (place - 1, place + 1)]
    return [str(text) if isinstance(text, nodes.Text) else "" for text in texts]


def visit_block(translator, node):
    html = translator.builder.app.formulas.html(node)
    translator.body.append(translator.starttag(node, "div", CLASS="math-display"))
    translator.body.append(f'<div class="math-scroll">{html}</div>')
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "이 식의 주소")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def open_cache(app):
    app.formulas = Formulas(Path(app.doctreedir).parent / ".katex.json")


def setup(app):
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.connect("builder-inited", open_cache)
    app.connect("env-check-consistency", prerender_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
