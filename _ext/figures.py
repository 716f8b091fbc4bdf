"""Hoist what interactive figures carry inline: modules and data become shared, cacheable files.

A figure's output holds its ES module and its data, so that one line of Python serves Jupyter and
Colab.  In the site each distinct body is written once, `_static/figures/<hash>.mjs` or `.bin`: the
pages link the module, and the figure fetches its data when it needs it.

The module is the package's present one, not the copy in the output: outputs come from a cache that
does not know when a figure's script has changed.
"""

import base64
import hashlib
import re
from pathlib import Path

from rnnbook.figures.figure import module

MODULE = re.compile(r'(?<=</rnnbook-)([a-z-]+)>\s*<script type="module">.*?</script>', re.DOTALL)
PAYLOAD = re.compile(r"<script ([^>]*data-payload)>([A-Za-z0-9+/=\s]+)</script>")


def keep(app, data: bytes, suffix: str) -> str:
    """Write a body under its own hash; return its path inside the site."""
    name = f"_static/figures/{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
    target = Path(app.outdir) / name
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return name


def hoist(app, pagename, templatename, context, doctree):
    body = context.get("body")
    if not body or "<rnnbook-" not in body:
        return
    address = context["pathto"]

    def link_module(match):
        path = keep(app, module(match[1].replace("-", "_")).encode(), "mjs")
        return f'{match[1]}><script type="module" src="{address(path, 1)}"></script>'

    def link_payload(match):
        path = keep(app, base64.b64decode(match[2]), "bin")
        return f'<script {match[1]} data-src="{address(path, 1)}"></script>'

    context["body"] = PAYLOAD.sub(link_payload, MODULE.sub(link_module, body))


def sweep(app, exception) -> None:
    """Delete bodies that no page links any more."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    linked = "".join(page.read_text("utf-8") for page in out.rglob("*.html"))
    for path in (out / "_static" / "figures").glob("*"):
        if path.name not in linked:
            path.unlink()


def setup(app):
    app.connect("html-page-context", hoist)
    app.connect("build-finished", sweep)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
