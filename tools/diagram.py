"""A small SVG pen for the book's diagrams: img/src/<stem>.py draws img/<stem>.svg.

    python tools/diagram.py build          redraws every diagram
    python tools/diagram.py check          fails where a committed SVG is not what its source draws

Colours are CSS variables with light-theme fallbacks, so that a page that inlines the SVG can
recolour it for its dark theme. A shape drawn with sym="f" belongs to the symbol f of the chapter's
key equation and gets the class `sym-f`.
"""

import math
import runpy
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {
    "ink": "#1f2933",
    "soft": "#5b6773",
    "line": "#8793a0",
    "paper": "#ffffff",
    "panel": "#f3f5f7",
    "blue": "#1f5fa8",
    "green": "#1d7a4f",
    "orange": "#b3541e",
    "purple": "#7044a8",
    "red": "#b3303a",
}
FONT = "'Book Sans','Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif"
MATH = "KaTeX_Math,'STIX Two Math','Cambria Math',Georgia,serif"

MARKER = (
    '<marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path d="M0 0.5L7.5 4L0 7.5z" fill="{}"/></marker>')


def colour(name):
    return f"var(--fig-{name},{COLOURS[name]})"


def number(value):
    """Numbers in the shortest form that is the same everywhere; words pass through."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def toward(start, end, length):
    """The point `length` px from start on the way to end."""
    share = length / math.dist(start, end)
    return tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))


class Diagram:
    """An SVG under construction. Coordinates in px; y grows downwards."""

    def __init__(self, stem, width, height, title, description):
        self.stem, self.width, self.height = stem, width, height
        self.title, self.description, self.parts, self.arrows = title, description, [], set()

    def _add(self, name, sym=None, content="", **attributes):
        """One element; underscores in attribute names stand for hyphens, None leaves one out."""
        pairs = ((k.replace("_", "-"), v) for k, v in attributes.items() if v is not None)
        inside = "".join(f' {k}="{number(v)}"' for k, v in pairs)
        element = f"<{name}{inside}>{content}</{name}>" if content else f"<{name}{inside}/>"
        if sym:
            element = f'<g class="{" ".join(f"sym-{s}" for s in sym.split())}">{element}</g>'
        self.parts.append(element)

    def box(self, x, y, w, h, *, fill="panel", stroke="line", radius=6, dash=None, sym=None):
        self._add("rect", sym, x=x, y=y, width=w, height=h, rx=radius,
                  fill=colour(fill), stroke=colour(stroke), stroke_dasharray=dash)

    def circle(self, x, y, radius, *, fill="paper", stroke="ink", sym=None):
        self._add("circle", sym, cx=x, cy=y, r=radius,
                  fill=colour(fill), stroke=colour(stroke), stroke_width=1.5)

    def text(self, x, y, words, *, size=14, fill="ink", anchor="middle", weight=400, sym=None):
        self._add("text", sym, escape(words), x=x, y=y, font_size=size, fill=colour(fill),
                  text_anchor=anchor, font_weight=weight, font_family=FONT)

    def symbol(self, x, y, letter, sub="", *, size=18, fill="ink", anchor="middle", sym=None):
        """A math letter with a subscript, as in the equations."""
        drop, small = number(size * 0.25), number(size * 0.68)
        tail = f'<tspan dy="{drop}" font-size="{small}">{escape(sub)}</tspan>' if sub else ""
        self._add("text", sym, escape(letter) + tail, x=x, y=y, font_size=size, fill=colour(fill),
                  text_anchor=anchor, font_style="italic", font_family=MATH)

    def path(self, *points, stroke="ink", width=1.8, arrow=True, dash=None, sym=None):
        """A polyline through the points with rounded corners and an arrow head at its end."""
        d = ["M{} {}".format(*map(number, points[0]))]
        for before, corner, after in zip(points, points[1:], points[2:], strict=False):
            radius = min(10, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
            start, end = toward(corner, before, radius), toward(corner, after, radius)
            d.append("L{} {}Q{} {} {} {}".format(*map(number, (*start, *corner, *end))))
        d.append("L{} {}".format(*map(number, points[-1])))
        if arrow:
            self.arrows.add(stroke)
        self._add("path", sym, d="".join(d), fill="none", stroke=colour(stroke),
                  stroke_width=width, stroke_dasharray=dash,
                  marker_end=f"url(#{self._marker(stroke)})" if arrow else None)

    def _marker(self, stroke):
        return f"arrow-{self.stem}-{stroke}"

    def operator(self, x, y, sign, *, stroke="ink", sym=None):
        """An element-wise operation: × or + in a circle."""
        self.circle(x, y, 13, stroke=stroke, sym=sym)
        self.text(x, y + 6, sign, size=18, fill=stroke, sym=sym)

    def render(self):
        heads = "".join(MARKER.format(self._marker(s), colour(s)) for s in sorted(self.arrows))
        w, h = self.width, self.height
        size = f'viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
        label = f'aria-labelledby="{self.stem}-title {self.stem}-desc"'
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {label}>',
            f'<title id="{self.stem}-title">{escape(self.title)}</title>',
            f'<desc id="{self.stem}-desc">{escape(self.description)}</desc>',
            f"<defs>{heads}</defs>", *self.parts, "</svg>", ""])


def draw(source):
    """Run img/src/<stem>.py: its draw(diagram) fills a Diagram(*SIZE, TITLE, DESCRIPTION)."""
    module = runpy.run_path(str(source))
    stem = source.stem.replace("_", "-")
    diagram = Diagram(stem, *module["SIZE"], module["TITLE"], module["DESCRIPTION"])
    module["draw"](diagram)
    return diagram.render()


def main(command):
    stale = []
    for source in sorted((ROOT / "img" / "src").glob("*.py")):
        target, svg = ROOT / "img" / f"{source.stem}.svg", draw(source)
        if command == "build":
            target.write_text(svg, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != svg:
            stale.append(target.name)
    known = {p.stem for p in (ROOT / "img" / "src").glob("*.py")}
    stale += [p.name for p in (ROOT / "img").glob("*.svg") if p.stem not in known]
    if stale:
        sys.exit(
            f"stale or without a source: {', '.join(stale)} (run: python tools/diagram.py build)"
        )


if __name__ == "__main__":
    if sys.argv[1:] not in (["build"], ["check"]):
        sys.exit("usage: python tools/diagram.py build|check")
    main(sys.argv[1])
