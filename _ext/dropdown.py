"""`:class: dropdown` admonitions are <details>: they open by keyboard and without JavaScript."""

from docutils import nodes


def is_dropdown(node):
    return "dropdown" in node.get("classes", ())


def visit_admonition(translator, node, name=""):
    if not is_dropdown(node):
        type(translator).visit_admonition(translator, node, name)
        return
    title = node.next_node(nodes.title)
    words = title.astext() if title else ""
    if title:
        node.remove(title)
    tag = translator.starttag(node, "details", CLASS="admonition")
    translator.body.append(tag.replace(">", " open>", 1) if "open" in node["classes"] else tag)
    translator.body.append(
        f'<summary class="admonition-title">{translator.encode(words)}</summary>\n'
    )


def depart_admonition(translator, node=None):
    if node is not None and is_dropdown(node):
        translator.body.append("</details>\n")
    else:
        type(translator).depart_admonition(translator, node)


def setup(app):
    app.add_node(nodes.admonition, override=True, html=(visit_admonition, depart_admonition))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
