"""The bundled font is what tools/font.py makes of the pinned Pretendard."""

import importlib.util
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("font", ROOT / "tools" / "font.py")
font = importlib.util.module_from_spec(spec)
spec.loader.exec_module(font)


def outlines(path):
    """Character -> (advance, outline): what a reader sees, whatever fonttools wrote it."""
    face = TTFont(path)
    glyphs = face["glyf"]
    return {
        code: (face["hmtx"][name][0], [tuple(p) for p in glyphs[name].getCoordinates(glyphs)[0]])
        for code, name in face.getBestCmap().items()
    }


def test_font_is_fresh(tmp_path, capsys):
    if not (font.PACKAGE / font.FACE).exists():
        pytest.skip("npm ci has not run: node_modules/pretendard is missing")
    font.main(["--out", str(tmp_path)])
    made, kept = tmp_path / "RnnbookSans.ttf", font.DATA / "RnnbookSans.ttf"
    assert outlines(made) == outlines(kept)
    licence = "RnnbookSans.OFL.txt"
    assert (tmp_path / licence).read_bytes() == (font.DATA / licence).read_bytes()


def test_reserved_names_are_gone():
    names = {str(r) for r in TTFont(font.DATA / "RnnbookSans.ttf")["name"].names if r.nameID < 8}
    assert "Rnnbook Sans" in names
    assert not any("Pretendard" in name or "Source" in name for name in names)


def test_another_face_is_refused(tmp_path):
    face = tmp_path / font.FACE
    face.parent.mkdir(parents=True)
    face.write_bytes(b"another font")
    with pytest.raises(SystemExit, match="not the face"):
        font.main(["--package", str(tmp_path), "--out", str(tmp_path)])
