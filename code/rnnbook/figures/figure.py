"""움직이는 그림의 공통 부분: 사용자 요소, 모듈, 자료, 정지 그림(SVG)을 한 묶음으로 낸다."""

import base64
import html
import json
import re
from functools import cache
from pathlib import Path


@cache
def module(stem):
    """그림 하나를 움직이는 모듈의 본문. 함께 쓰는 kit.mjs를 앞에 이어 붙여 홀로 움직인다."""
    folder = Path(__file__).parent
    kit, own = ((folder / f"{name}.mjs").read_text("utf-8") for name in ("kit", stem))
    own = re.sub(r'^import [^;]*from "\./kit\.mjs";\n', "", own, flags=re.MULTILINE)
    joined = re.sub(r"^export (?=(?:async )?(?:function|class|const))", "", f"{kit}\n{own}",
                    flags=re.MULTILINE)
    return "{\n" + joined.strip() + "\n}\n"


class Figure:
    """모든 그림의 바탕. 하위 클래스는 stem, settings(), svg()를 정한다."""

    stem = ""

    def settings(self):
        """JSON으로 쓸 수 있는 dict: 모듈이 읽을 값과 글."""
        raise NotImplementedError

    def payload(self):
        """모듈이 필요할 때 읽을 큰 자료(bytes). 없으면 None."""
        return None

    def svg(self):
        """스크립트가 없을 때와 인쇄할 때 보일 그림."""
        raise NotImplementedError

    def html(self):
        """페이지에 넣을 HTML: 움직이는 요소 하나와 그 안의 정지 그림."""
        settings = html.escape(json.dumps(self.settings(), ensure_ascii=False), quote=True)
        tag = "rnnbook-" + self.stem.replace("_", "-")
        data = self.payload()
        blob = "" if data is None else (
            f'<script type="application/octet-stream" data-payload>'
            f"{base64.b64encode(data).decode()}</script>")
        return (f'<{tag} data-settings="{settings}">{self.svg()}{blob}</{tag}>\n'
                f'<script type="module">{module(self.stem)}</script>')

    def _repr_mimebundle_(self, include=None, exclude=None):
        """시계도 난수도 쓰지 않으므로 몇 번을 실행해도 바이트까지 같다."""
        return {"text/plain": repr(self), "text/html": self.html()}


def drawing(width, height, title, *parts, left=0):
    """스크립트가 없을 때 보일 SVG. 색은 책의 변수를 따르고, 책 밖에서는 화면의 밝기를 따른다."""
    style = "max-width:100%;height:auto;font-family:inherit"
    size = f'viewBox="{-left} 0 {width} {height}" width="{width}" height="{height}"'
    title = html.escape(title)
    return f'<svg {size} role="img" style="{style}"><title>{title}</title>{"".join(parts)}</svg>'


INK = "var(--fig-ink,light-dark(#22252b,#e5e3dd))"
SOFT = "var(--fig-soft,light-dark(#585c64,#abafb8))"
LINE = "var(--fig-line,light-dark(#8b867b,#7d8390))"
COLORS = {
    "f": "var(--fig-orange,light-dark(#b34a00,#ffab66))",
    "i": "var(--fig-green,light-dark(#1b6e45,#74d3a0))",
    "g": "var(--fig-purple,light-dark(#7a3a9c,#d6a4f2))",
    "o": "var(--fig-blue,light-dark(#28479c,#a3bcff))",
    "red": "var(--fig-red,light-dark(#a8321c,#ff9d86))",
}


def text(x, y, words, *, size=14, fill=INK, anchor="start", weight=400):
    """(x, y)에 적는 글."""
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" '
            f'font-weight="{weight}" style="fill:{fill}">{words}</text>')


def path(d, *, stroke=LINE, width=1.5, dash=None, fill="none"):
    """선 하나. d는 SVG의 경로 문법이다."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" stroke-width="{width}"{dashes} style="fill:{fill};stroke:{stroke}"/>'


def sub(letter, index):
    """기울인 글자와 아래 첨자."""
    return (f'<tspan font-style="italic" font-family="KaTeX_Math,Georgia,serif">{letter}</tspan>'
            f'<tspan dy="4" font-size="70%">{index}</tspan><tspan dy="-4">&#8203;</tspan>')
