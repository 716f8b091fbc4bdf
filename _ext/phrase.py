"""Markdown in a label, a button, a list item: parsed, and bare of <p> when it is one paragraph."""

from docutils import nodes


def phrase(directive, node, lines):
    """`node` with `lines` (a StringList) parsed into it."""
    directive.state.nested_parse(lines, directive.content_offset, node)
    if len(node) == 1 and isinstance(node[0], nodes.paragraph):
        node[:] = node[0].children
    return node
