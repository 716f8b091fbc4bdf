"""Make the font of the plots: a subset of Pretendard, renamed because its name is reserved (OFL).

    npm ci && python tools/font.py     -> code/rnnbook/data/RnnbookSans.ttf, RnnbookSans.OFL.txt

The same fonttools gives the same bytes; tests/tools/test_font.py checks that the file is fresh.
"""

import argparse
import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "code" / "rnnbook" / "data"
PACKAGE = ROOT / "node_modules" / "pretendard"  # 1.3.9, pinned in package-lock.json
FAMILY, VERSION = "Rnnbook Sans", "Version 1.309"
FACE = "dist/public/static/alternative/Pretendard-Regular.ttf"
FACE_SHA256 = "6d0af5258997aec7354a6e340fc2325ba321c410ca48b3af858c8c3d6e92a324"

# Syllables outside KS X 1001 that people do write (five times or more in NSMC and UD GSD, or here).
EXTRA = (
    "갘겈곀곘곸괞귯깄깤꺠껒꼳꿧뀰낰냌냨넼녓놧놬닠닼뎈됀됄됌됏됬떄떈떔떙뙇랔랰렜롹릐맄맜먄멌몀몆뭥밓밨봣"
    "뵜뷁뺴뽂뽜섥섴셑솤쉅쉡쉣슌썪썻쎅쎼쒯앜앟얔얬엨옄옼왘왤욬욯욷웟웤읎읭잌잏젛졋졷죨줫줸짘짦짴쨰쩃쩖쪙"
    "쫒찟찿쳣쳥쵝칀킄킈킼퉷퍈퐉핡핰핳햌햏헀헠헣헸헿홥홬횽훓흫힣"
)


def ks_x_1001():
    """The 2,350 syllables of KS X 1001."""
    codes = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    return {pair.decode("euc_kr") for pair in codes}


def letters():
    """Everything that a plot of this book may draw."""
    ranges = [
        (0x20, 0x7E), (0xA0, 0xFF),  # Latin
        (0x391, 0x3A9), (0x3B1, 0x3C9),  # Greek
        (0x2010, 0x2026), (0x2030, 0x203B),  # dashes, quotation marks, …
        (0x2070, 0x209C),  # superscripts and subscripts
        (0x2190, 0x2195), (0x21B5, 0x21B5), (0x21D0, 0x21D4),  # arrows
        (0x2200, 0x22FF), (0x25A0, 0x25CF), (0x2605, 0x2606),  # mathematics and marks
        (0x3001, 0x3002), (0x3131, 0x3163),  # jamo
    ]  # fmt: skip
    return (
        ks_x_1001()
        | set(EXTRA)
        | {chr(c) for first, last in ranges for c in range(first, last + 1)}
    )


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--package", type=Path, default=PACKAGE)
    parser.add_argument("--out", type=Path, default=DATA)
    args = parser.parse_args(argv)

    from fontTools import subset
    from fontTools.ttLib import TTFont

    os.environ["SOURCE_DATE_EPOCH"] = "0"
    face = args.package / FACE
    if hashlib.sha256(face.read_bytes()).hexdigest() != FACE_SHA256:
        raise SystemExit(f"{face} is not the face this font was made from")
    font = TTFont(face)
    options = subset.Options(
        hinting=False, layout_features=["kern"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        drop_tables=["DSIG", "GSUB"], glyph_names=False, notdef_outline=True,
    )  # fmt: skip
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters()])
    subsetter.subset(font)
    postscript = FAMILY.replace(" ", "")
    names = {1: FAMILY, 3: postscript, 4: FAMILY, 5: VERSION, 6: f"{postscript}-Regular"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    path = args.out / f"{postscript}.ttf"
    font.save(path)
    licence = (args.package / "dist" / "LICENSE.txt").read_text("utf-8").replace("\r\n", "\n")
    head = f"{FAMILY} is a modified version of Pretendard 1.3.9: fewer glyphs, another name.\n\n"
    (args.out / f"{postscript}.OFL.txt").write_bytes((head + licence).encode("utf-8"))
    print(f"{path}: {path.stat().st_size:,} bytes, {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    main()
