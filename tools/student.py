"""Strip solutions: what a reader gets is the stub, in the notebook and on the site.

As a Sphinx extension it changes each source as it is read, before any cell is parsed, so neither
HTML nor search index holds a solution. (Copies of the sources under `_sources/` would:
_config.yml turns them off.)
"""

import re

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = 'raise NotImplementedError("여기에 답을 쓰십시오")'
SOLUTION = re.compile(rf"^([ \t]*){BEGIN}[ \t]*\n(.*?)^[ \t]*{END}[ \t]*$",
                      re.MULTILINE | re.DOTALL)


def strip_solutions(text):
    """Replace every marked solution by a stub of the same indentation."""
    text = SOLUTION.sub(lambda match: match[1] + STUB, text)
    if BEGIN in text or END in text:
        line = next(k for k, one in enumerate(text.split("\n"), 1) if BEGIN in one or END in one)
        raise ValueError(f"unpaired solution marker near line {line}")
    return text


def solved(text):
    """The author's version: markers gone, solutions kept. What CI runs against the spec."""
    return SOLUTION.sub(lambda match: match[2].rstrip("\n"), text)


def setup(app):
    """Sphinx hook; _config.yml: `local_extensions: {student: tools}`."""
    def on_source_read(app, docname, source):
        source[0] = strip_solutions(source[0])

    app.connect("source-read", on_source_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
