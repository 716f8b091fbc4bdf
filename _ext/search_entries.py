"""What the search knows of a page: its sections, terms and references, read from the doctree.

An entry is {"h": heading, "a": anchor, "x": sentences, "c": code, "k": words in bold}; "t" marks a
term (1) or a reference (2), "w" a section that only sums up or asks. Cell output, quiz choices,
what is folded away and solutions are not there.
"""

import re

from docutils import nodes
from sphinx import addnodes

# Sections that sum up, point on or ask, and how much they count.
PASSING = {"정리": 0.6, "다음": 0.4, "사전 퀴즈": 0.5, "사후 퀴즈": 0.8}

HIDDEN = {"cell_output", "dropdown", "toctree-wrapper"}
UNSEEN = {"quiz_choice", "quiz_why"}
SKIPPED = (nodes.raw, nodes.image, nodes.comment, nodes.target, nodes.substitution_definition,
           nodes.system_message, nodes.citation, nodes.label, addnodes.toctree, addnodes.index,
           addnodes.glossary)
LINES = (nodes.paragraph, nodes.caption, nodes.rubric, nodes.term, nodes.line, nodes.title,
         nodes.attribution)

SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*\n?", re.DOTALL | re.M)
LAYOUT = re.compile(r"\\htmlClass\{[^}]*\}|\\(?:begin|end)\{[^}]*\}|\\label\{[^}]*\}"
                    r"|\\[,;:!> ]|\\q?quad\b|&|\\\\")
FRACTION = re.compile(r"\\[dt]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{")
SYMBOLS = {
    "partial": "∂", "odot": "⊙", "sigma": "σ", "times": "×", "cdot": "·", "approx": "≈",
    "epsilon": "ε", "top": "T", "le": "≤", "ge": "≥", "sum": "Σ", "prod": "Π", "alpha": "α",
    "beta": "β", "lambda": "λ", "theta": "θ", "to": "→", "in": "∈", "infty": "∞", "ldots": "…",
    "dots": "…", **{name: name for name in ("tanh", "exp", "ln", "log", "max", "min")},
}


def plain(tex):
    r"""A formula as one would type it: `\frac{\partial c_t}{\partial c_{t-1}}` -> `∂c_t/∂c_t-1`."""
    tex = FRACTION.sub(r"\1/{", LAYOUT.sub(" ", tex))
    tex = re.sub(r"\\([A-Za-z]+)", lambda match: SYMBOLS.get(match[1], " "), tex)
    tex = re.sub(r"\s*_\s*", "_", re.sub(r"[{}\\]", "", tex))
    return " ".join(re.sub(r"∂\s+", "∂", tex).split())


def inline(node):
    """What a reader sees of a line."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return plain(node.astext())
    if isinstance(node, SKIPPED):
        return ""
    return "".join(inline(child) for child in node.children)


def joined(parts):
    return " ".join("".join(inline(part) for part in parts).split())


def blocks(node):
    """(kind, text) of everything in a section that stands outside its subsections."""
    for child in node.children:
        if isinstance(child, (nodes.Text, nodes.section, *SKIPPED)):
            continue
        if type(child).__name__ in UNSEEN or HIDDEN.intersection(child.get("classes", ())):
            continue
        if isinstance(child, nodes.literal_block):
            yield "code", SOLUTION.sub("", child.astext())
        elif isinstance(child, nodes.math_block):
            yield "code", plain(child.astext())
        elif isinstance(child, nodes.row):
            cells = (joined(cell) for cell in child)                # nobody looks for a bare figure
            yield "text", " · ".join(cell for cell in cells if re.search(r"[^\W\d]", cell))
        elif isinstance(child, LINES):
            if not (isinstance(child, nodes.title) and isinstance(node, nodes.section)):
                yield "text", joined(child)
        else:
            yield from blocks(child)


def nearest_section(node):
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def body(section):
    """{"x", "c", "k", "w"} of a section; what is empty is left out."""
    pieces = list(blocks(section))
    code = "\n".join(text for kind, text in pieces if kind == "code").splitlines()
    bold = [inline(n) for n in section.findall(nodes.strong) if nearest_section(n) is section]
    entry = {
        "x": "\n".join(text for kind, text in pieces if kind == "text" and text),
        "c": "\n".join(line.rstrip() for line in code if line.strip()),
        "k": " · ".join(dict.fromkeys(bold)),
    }
    return {key: value for key, value in entry.items() if value}


def byline(citation):
    """`Sepp Hochreiter and Jürgen Schmidhuber. Long … 1997.` -> `Hochreiter, Schmidhuber 1997`."""
    authors = re.split(r"(?<=[^\W\d_A-Z])\. ", citation)[0]
    names = [name.split()[-1] for name in re.split(r",? and |, ", authors) if name.strip()]
    numbers = re.sub(r"\S*(?:arXiv|doi):\S*|\d+[–-]\d+", "", citation)
    years = re.findall(r"\b(?:19|20)\d\d\b", numbers)
    return " ".join([", ".join(names) if len(names) < 3 else f"{names[0]} 외", *years[-1:]])


def entries(doctree):
    """The entries of one page, in reading order."""
    for section in doctree.findall(nodes.section):
        title = joined(section[section.first_child_matching_class(nodes.title)])
        whole = isinstance(section.parent, nodes.document)
        entry = {"h": title, "a": "" if whole else section["ids"][0], **body(section)}
        yield entry | ({"w": PASSING[title]} if title in PASSING else {})
        for item in section.findall(nodes.definition_list_item):
            glossary = item.parent.parent
            if isinstance(glossary, addnodes.glossary) and nearest_section(item) is section:
                term = next(item.findall(nodes.term))
                meaning = joined(part for paragraph in item.findall(nodes.paragraph)
                                 for part in paragraph if not isinstance(part, nodes.reference))
                yield {"h": inline(term), "a": term["ids"][0], "x": meaning.rstrip(" →"), "t": 1}
        for citation in section.findall(nodes.citation):
            text = joined(citation)
            yield {"h": byline(text), "a": citation["ids"][0], "x": text, "t": 2}
