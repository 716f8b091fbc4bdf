"""Chapters are 1, 2, …, their pages 1.1, 1.2, …; sections inside a page carry no number.

Sphinx would number the sections of a chapter's first page before the chapter's other pages (1.1
to 1.11, then a page 1.12). Which chapters are numbered is written in _toc.yml; figures, tables
and equations count by chapter.
"""

from docutils import nodes
from sphinx.environment.collectors.toctree import TocTreeCollector


def page_numbers(env):
    """{docname: number} of every page below a numbered part."""
    numbers = {}

    def descend(docname, number):
        numbers[docname] = number
        for k, child in enumerate(env.toctree_includes.get(docname, ()), 1):
            descend(child, (*number, k))

    chapter = 0
    for docname in env.toctree_includes.get(env.config.root_doc, ()):
        if env.toc_secnumbers.get(docname, {}).get(""):
            chapter += 1
            descend(docname, (chapter,))
    return numbers


def renumber(app, env):
    numbers = page_numbers(env)
    for docname, toc in env.tocs.items():
        number, secnumbers = numbers.get(docname), {}
        for reference in toc.findall(nodes.reference):
            own = number if reference["anchorname"] == "" else None
            reference["secnumber"] = own
            secnumbers[reference["anchorname"]] = own or ()
        env.toc_secnumbers[docname] = secnumbers
        env.titles[docname]["secnumber"] = number
    return TocTreeCollector().assign_figure_numbers(env)


def setup(app):
    app.connect("env-get-updated", renumber, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
