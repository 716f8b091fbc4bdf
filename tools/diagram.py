"""A small SVG pen for the book's diagrams: img/src/<stem>.py draws img/<stem>.svg.

    python tools/diagram.py build          redraws every diagram
    python tools/diagram.py check          fails where a committed SVG is not what its source draws

Colours are CSS variables with light-theme fallbacks, so that a page that inlines the SVG can
recolour it for its dark theme. A shape drawn with sym="f" belongs to the symbol f of the chapter's
key equation and gets the class `sym-f`.
"""

import runpy
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {
    "ink": "#1f2933", "soft": "#5b6773", "line": "#8793a0", "paper": "#ffffff", "panel": "#f3f5f7",
    "blue": "#1f5fa8", "green": "#1d7a4f", "orange": "#b3541e", "purple": "#7044a8", "red": "#b3303a",
}
FONT = "'Book Sans','Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif"
MATH = "KaTeX_Math,'STIX Two Math','Cambria Math',Georgia,serif"


def colour(name):
    return f"var(--fig-{name},{COLOURS[name]})"


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Diagram:
    """An SVG under construction. Coordinates in px; y grows downwards."""

    def __init__(self, stem, width, height, title, description):
        self.stem, self.width, self.height = stem, width, height
        self.title, self.description, self.parts, self.arrows = title, description, [], set()

    def _add(self, element, sym=None):
        if sym:
            element = f'<g class="{" ".join(f"sym-{s}" for s in sym.split())}">{element}</g>'
        self.parts.append(element)

    def box(self, x, y, width, height, *, fill="panel", stroke="line", radius=6, dash=None, sym=None):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
                  f'rx="{radius}" fill="{colour(fill)}" stroke="{colour(stroke)}"{dashes}/>', sym)

    def circle(self, x, y, radius, *, fill="paper", stroke="ink", sym=None):
        self._add(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{colour(fill)}" '
                  f'stroke="{colour(stroke)}" stroke-width="1.5"/>', sym)

    def text(self, x, y, words, *, size=14, fill="ink", anchor="middle", weight=400, sym=None):
        self._add(f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{colour(fill)}" '
                  f'text-anchor="{anchor}" font-weight="{weight}" font-family="{FONT}">{escape(words)}</text>', sym)

    def symbol(self, x, y, letter, sub="", *, size=18, fill="ink", anchor="middle", sym=None):
        """A math letter with a subscript, as in the equations."""
        tail = f'<tspan dy="{number(size * .25)}" font-size="{number(size * .68)}">{escape(sub)}</tspan>' if sub else ""
        self._add(f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{colour(fill)}" '
                  f'text-anchor="{anchor}" font-style="italic" font-family="{MATH}">{escape(letter)}{tail}</text>', sym)

    def path(self, *points, stroke="ink", width=1.8, arrow=True, dash=None, sym=None):
        """A polyline through the points with rounded corners and an arrow head at its end."""
        d = f"M{number(points[0][0])} {number(points[0][1])}"
        for (x0, y0), (x1, y1), (x2, y2) in zip(points, points[1:], points[2:], strict=False):
            before, after = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** .5, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** .5
            r = min(10, before / 2, after / 2)
            d += (f"L{number(x1 - (x1 - x0) / before * r)} {number(y1 - (y1 - y0) / before * r)}"
                  f"Q{number(x1)} {number(y1)} "
                  f"{number(x1 + (x2 - x1) / after * r)} {number(y1 + (y2 - y1) / after * r)}")
        d += f"L{number(points[-1][0])} {number(points[-1][1])}"
        head = ""
        if arrow:
            self.arrows.add(stroke)
            head = f' marker-end="url(#{self._marker(stroke)})"'
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(f'<path d="{d}" fill="none" stroke="{colour(stroke)}" stroke-width="{width}"{dashes}{head}/>', sym)

    def _marker(self, stroke):
        return f"arrow-{self.stem}-{stroke}"

    def operator(self, x, y, sign, *, stroke="ink", sym=None):
        """An element-wise operation: × or + in a circle."""
        self.circle(x, y, 13, stroke=stroke, sym=sym)
        self.text(x, y + 6, sign, size=18, fill=stroke, sym=sym)

    def render(self):
        markers = "".join(
            f'<marker id="{self._marker(s)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0.5L7.5 4L0 7.5z" fill="{colour(s)}"/></marker>'
            for s in sorted(self.arrows))
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" role="img" '
                f'aria-labelledby="{self.stem}-title {self.stem}-desc">\n'
                f'<title id="{self.stem}-title">{escape(self.title)}</title>\n'
                f'<desc id="{self.stem}-desc">{escape(self.description)}</desc>\n'
                f'<defs>{markers}</defs>\n' + "\n".join(self.parts) + "\n</svg>\n")


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
        sys.exit(f"stale or without a source: {', '.join(stale)} (run: python tools/diagram.py build)")


if __name__ == "__main__":
    if sys.argv[1:] not in (["build"], ["check"]):
        sys.exit("usage: python tools/diagram.py build|check")
    main(sys.argv[1])
