"""Only the book's own assets reach a page.

Whatever a theme or an extension links (Bootstrap, FontAwesome, thebe, require.js from a CDN …)
is dropped: a script or style sheet stays when its file lies in one of the book's own static
folders, that is in a folder of `html_static_path` inside the repository, or when one of the
book's own extensions generates it (GENERATED).
"""

import hashlib
import shutil
from pathlib import Path

from docutils import nodes

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ("katex.css", "live/", "search/", "figures/")


def add_folder(app, config):
    # Not in _config.yml: Jupyter Book would link every file of such a folder on every page.
    config.html_static_path.append(str(ROOT / "_ext/static"))


def own_folders(app):
    folders = [(Path(app.srcdir) / path).resolve() for path in app.config.html_static_path]
    vendor = [(ROOT / name).resolve() for name in (".venv", "node_modules")]
    return [f for f in folders if not any(v in f.parents for v in vendor)]


def name_of(asset):
    """Path below _static, or an empty string for an inline script."""
    return str(getattr(asset, "filename", None) or "").split("?")[0].removeprefix("_static/")


def keep_own(app, pagename, templatename, context, doctree):
    folders = own_folders(app)

    def own(asset):
        name = name_of(asset)
        return name.startswith(GENERATED) or any((f / name).is_file() for f in folders if name)

    context["script_files"] = [asset for asset in context["script_files"] if own(asset)]
    sheets = [asset for asset in context["css_files"] if own(asset)]
    sheets = [name_of(asset) for asset in sorted(sheets, key=lambda asset: asset.priority)]
    context["css_files"] = []
    context["style_sheet"] = bundle(app, sheets, folders)


def bundle(app, sheets, folders):
    """One style sheet for the page instead of five: each would hold up the first paint."""
    places = [*folders, Path(app.outdir) / "_static"]
    files = [next(f / name for f in places if (f / name).is_file()) for name in sheets]
    css = "\n".join(file.read_text("utf-8") for file in files)
    name = f"_static/page-{hashlib.sha256(css.encode()).hexdigest()[:10]}.css"
    (Path(app.outdir) / "_static").mkdir(parents=True, exist_ok=True)
    (Path(app.outdir) / name).write_text(css, "utf-8")
    return name


def drop_thebe(app, doctree, docname):
    """Jupyter Book appends a thebe configuration to every page, thebe or not."""
    thebe = ("x-thebe-config", "kernelName")
    for raw in list(doctree.findall(nodes.raw)):
        if any(word in raw.astext() for word in thebe) and raw.parent:
            raw.parent.remove(raw)


UNUSED = (
    "vendor",
    "styles",
    "scripts",
    "locales",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "sphinx-thebe.css",
    "sphinx-thebe.js",
    "clipboard.min.js",
    "copybutton.js",
    "copybutton_funcs.js",
    "copybutton.css",
    "togglebutton.js",
    "togglebutton.css",
    "copy-button.svg",
    "check-solid.svg",
    "design-tabs.js",
    "sphinx-design.min.css",
    "basic.css",
    "pygments.css",
    "plus.png",
    "minus.png",
    "file.png",
    "images",
)


def drop_unused(app, exception):
    """Delete what themes copied into _static and no page asks for."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for path in [static / name for name in UNUSED] + list(static.glob("mystnb.*.css")):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()


def setup(app):
    app.connect("config-inited", add_folder)
    app.connect("doctree-resolved", drop_thebe, priority=999)
    app.connect("html-page-context", keep_own, priority=999)
    app.connect("build-finished", drop_unused, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
