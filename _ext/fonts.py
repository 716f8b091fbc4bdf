"""Self-hosted fonts, cut at the end of the build to the characters the book uses.

Book Sans       Pretendard variable (400–700), every character of every page
Book Sans Rest  KS X 1001's 2,350 syllables; loaded when a reader types one the book lacks
Book Mono       Iosevka, half-width; also the symbols that Pretendard lacks
Book Mono KO    Pretendard's Hangul on Iosevka's grid: one syllable is exactly two columns
KaTeX_*         KaTeX's faces

Pretendard and Iosevka are OFL with reserved names, so the cut files carry names of our own and
the licences travel along.
"""

import hashlib
import logging
import re
import shutil
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

logging.getLogger("fontTools").setLevel(logging.WARNING)
ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
PRETENDARD = MODULES / "pretendard/dist/public/variable/PretendardVariable.ttf"
IOSEVKA = MODULES / "@fontsource/iosevka/files/iosevka-latin-400-normal.woff2"
KATEX = MODULES / "katex/dist"
ALWAYS = {*map(chr, range(0x20, 0x7F)), *"·×÷−–—…‘’“”→←↑↓≤≥≈≠✓✗▶■↺"}
CODE_TAGS = ["pre", "code", "kbd", "samp", "textarea"]


ROWS, CELLS = range(0xB0, 0xC9), range(0xA1, 0xFF)
COMMON = {bytes([row, cell]).decode("euc_kr") for row in ROWS for cell in CELLS}


def is_hangul(char):
    return "가" <= char <= "힣" or "\u3131" <= char <= "\u318e"


def used_characters(outdir):
    """(all, in code, in formulas): the characters of every page and of the book's own scripts."""
    everything, code, math = set(ALWAYS), set(ALWAYS), set()
    for page in outdir.rglob("*.html"):
        text = page.read_text("utf-8")
        everything |= set(text)
        soup = BeautifulSoup(text, "html.parser")
        for element in soup.find_all(CODE_TAGS):
            code |= set(element.get_text())
        for element in soup.select(".katex-html, svg"):
            math |= set(element.get_text())
    for script in (outdir / "_static").rglob("*"):
        spoken = script.suffix in (".js", ".mjs", ".json", ".css", ".py")
        if spoken and not script.name.endswith(".asm.js"):          # a megabyte of machine code
            everything |= set(script.read_text("utf-8", errors="ignore"))
    drop = {char for char in everything if ord(char) < 0x20}
    return everything - drop, code - drop, math - drop


def cut(font, chars, features=("*",)):
    options = Options()
    options.layout_features = list(features)
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in chars])
    subsetter.subset(font)
    return font


def rename(font, family):
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16, 18, 21):
            record.string = family
        elif record.nameID in (6, 20, 25):
            record.string = family.replace(" ", "")
    return font


def book_sans(chars):
    font = cut(
        TTFont(PRETENDARD),
        chars,
        ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case"),
    )
    return rename(instancer.instantiateVariableFont(font, {"wght": (400, 700)}), "Book Sans")


def book_sans_rest(chars):
    font = cut(TTFont(PRETENDARD), chars, ())
    return rename(instancer.instantiateVariableFont(font, {"wght": 400}), "Book Sans Rest")


def book_mono(chars):
    return rename(cut(TTFont(IOSEVKA), chars, ("ccmp", "locl", "mark")), "Book Mono")


def book_mono_ko(chars):
    """Hangul set in the middle of a cell of one em, that is two of Iosevka's half-em columns."""
    font = cut(TTFont(PRETENDARD), {char for char in chars if is_hangul(char)} | {" "}, ())
    font = instancer.instantiateVariableFont(font, {"wght": 400})
    em, glyphs = font["head"].unitsPerEm, font.getGlyphSet()
    for char, name in font.getBestCmap().items():
        if not is_hangul(chr(char)):
            continue
        width, _ = font["hmtx"][name]
        scale = 1.04
        shift = (em - width * scale) / 2
        pen = TTGlyphPen(None)
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, shift, -em * 0.015)))
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["glyf"][name] = glyph
        font["hmtx"][name] = (em, glyph.xMin)
    return rename(font, "Book Mono KO")


class Foundry:
    """Cuts fonts into a folder, reusing those cut before from the same source and characters."""

    def __init__(self, cache, target):
        self.cache, self.target = cache, target
        cache.mkdir(parents=True, exist_ok=True)
        target.mkdir(parents=True, exist_ok=True)
        self.code = Path(__file__).read_bytes()

    def make(self, name, chars, source, build):
        digest = hashlib.sha256(
            self.code + source.read_bytes() + "".join(sorted(chars)).encode()
        ).hexdigest()[:16]
        kept = self.cache / f"{digest}-{name}.woff2"
        if not kept.exists():
            font = build(chars)
            font.flavor = "woff2"
            font.save(kept)
        shutil.copyfile(kept, self.target / f"{name}.woff2")


def finish(app, exception):
    if exception or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    everything, code, math = used_characters(outdir)
    target = outdir / "_static/fonts"
    foundry = Foundry(Path(app.doctreedir).parent / ".fonts", target)
    missing = everything - set(map(chr, TTFont(PRETENDARD, lazy=True).getBestCmap()))
    foundry.make("book-sans", everything, PRETENDARD, book_sans)
    foundry.make("book-sans-rest", COMMON, PRETENDARD, book_sans_rest)
    foundry.make("book-mono", code | missing, IOSEVKA, book_mono)
    foundry.make("book-mono-ko", code, PRETENDARD, book_mono_ko)
    shutil.copyfile(MODULES / "pretendard/dist/LICENSE.txt", target / "LICENSE-Pretendard.txt")
    shutil.copyfile(MODULES / "@fontsource/iosevka/LICENSE", target / "LICENSE-Iosevka.txt")
    cut_katex(foundry, math)


def cut_katex(foundry, math):
    for source in (KATEX / "fonts").glob("*.woff2"):
        foundry.make(
            source.stem,
            math | {" "},
            source,
            lambda chars, source=source: cut(TTFont(source), chars),
        )


def katex_stylesheet():
    """KaTeX's style sheet with woff2 sources only, pointing beside the book's fonts."""
    css = (KATEX / "katex.min.css").read_text("utf-8")
    css = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", css)
    return css


def write_katex(app):
    if app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        static.mkdir(parents=True, exist_ok=True)
        (static / "katex.css").write_text(katex_stylesheet(), "utf-8")


def link_katex(app, pagename, templatename, context, doctree):
    if doctree and (
        app.env.get_domain("math").has_equations(pagename)
        or next(doctree.findall(nodes.image), None)
    ):
        app.add_css_file("katex.css", priority=400)


def setup(app):
    app.connect("builder-inited", write_katex)
    app.connect("html-page-context", link_katex)
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
