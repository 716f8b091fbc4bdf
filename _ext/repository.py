"""Colab and edit links from an address that is written once, or known only when publishing.

Templates and other extensions read `context["edit_url"]` and `context["colab_url"]`; both are
absent where no hosting repository is known, so no page ever shows a dead button.
"""

import os
from pathlib import Path


def address(app):
    """The hosting repository's web address, or an empty string."""
    configured = app.config.html_theme_options.get("repository_url") or ""
    if configured or "GITHUB_REPOSITORY" not in os.environ:
        return configured.rstrip("/")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{os.environ['GITHUB_REPOSITORY']}"


def links(app, docname):
    """{"edit_url": …, "colab_url": …} of one page, as far as they exist."""
    base, branch = address(app), app.config.html_theme_options.get("repository_branch") or "main"
    if not base or docname not in app.env.found_docs:
        return {}
    source = Path(app.env.doc2path(docname))
    found = {
        "repository_url": base,
        "edit_url": f"{base}/edit/{branch}/{source.relative_to(app.srcdir).as_posix()}",
    }
    notebook = source.with_suffix(".ipynb")
    if notebook.exists() and base.startswith("https://github.com/"):
        path = notebook.relative_to(app.srcdir).as_posix()
        slug = base.removeprefix("https://github.com/")
        found["colab_url"] = f"https://colab.research.google.com/github/{slug}/blob/{branch}/{path}"
    return found


def add_links(app, pagename, templatename, context, doctree):
    context.update(links(app, pagename))


def setup(app):
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
