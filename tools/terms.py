"""Terms: tools/terms.toml is the law. `terms.py build` writes the glossary, `check` enforces both.

A forbidden form may be *mentioned* inside ‘ ’, never used.
"""

import argparse
import re
import sys
import tomllib
from functools import lru_cache
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
READ = ["chapters/**/*.md", "code/rnnbook/**/*.py", "code/rnnbook/**/*.mjs", "img/src/*.py",
        "_ext/**/*.py", "_ext/**/*.js", "_static/*.js", "_templates/*.html",
        "README.md", "CONTRIBUTING.md"]
GLOSSARY = "chapters/glossary.md"
HEAD = """\
# 용어집

이 책의 용어를 가나다순으로 모았습니다. 화살표는 그 용어를 자세히 다루는 장을 가리킵니다.
화살표가 없는 용어를 다룰 장은 아직 쓰고 있습니다.
"""
FIELDS = {"ko", "en", "abbr", "synonyms", "forbidden", "meaning", "chapter"}


@lru_cache
def load(root=ROOT):
    """The terms, each with every field."""
    text = (Path(root) / "tools" / "terms.toml").read_text(encoding="utf-8")
    terms = [{"abbr": [], "synonyms": [], "forbidden": []} | t for t in tomllib.loads(text)["term"]]
    for term in terms:
        if term.keys() != FIELDS:
            raise ValueError(f"terms.toml: {term.get('ko')}: {sorted(term.keys() ^ FIELDS)}")
    return terms


def initial(word):
    """The heading a word stands under: its first consonant, or 로마자."""
    offset = ord(word[0]) - ord("가")
    return INITIALS[offset // 588] if 0 <= offset < 11172 else "로마자"


def glossary(root=ROOT):
    """Markdown of the glossary page."""
    def order(term):
        return initial(term["ko"]) != "로마자", term["ko"].lower()

    parts = [HEAD]
    for heading, terms in groupby(sorted(load(root), key=order), lambda t: initial(t["ko"])):
        entries = "\n\n".join(entry(term, root) for term in terms)
        parts.append(f"## {heading}\n\n```{{glossary}}\n{entries}\n```\n")
    return "\n".join(parts)


def entry(term, root):
    names = [term["en"], *(a for a in term["abbr"] if a != term["ko"])]
    page = Path(root) / "chapters" / term["chapter"] / "index.md"
    link = f" → {{doc}}`{short_title(page)} <{term['chapter']}/index>`" if page.exists() else ""
    return f"{term['ko']}\n  *{', '.join(names)}.* {term['meaning']}{link}"


def short_title(page):
    """A chapter's title up to its colon."""
    return re.search(r"(?m)^# ([^:\n]+)", page.read_text(encoding="utf-8"))[1].strip()


def violations(root=ROOT):
    """'file:line: …' for every forbidden form."""
    forms = sorted(((bad, term["ko"]) for term in load(root) for bad in term["forbidden"]),
                   key=lambda pair: -len(pair[0]))
    pattern = re.compile("|".join(re.escape(bad) for bad, _ in forms))
    good, found = dict(forms), []
    for path in sorted(p for glob in READ for p in Path(root).glob(glob)):
        where = path.relative_to(root)
        if str(where) == GLOSSARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            mentions = re.sub(r"‘[^’]*’", "", line)
            found += [f"{where}:{number}: '{m[0]}' → '{good[m[0]]}'"
                      for m in pattern.finditer(mentions)]
    return found


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=["build", "check"])
    parser.add_argument("--root", default=ROOT, type=Path)
    given = parser.parse_args(argv)
    path, text = given.root / GLOSSARY, glossary(given.root)
    if given.action == "build":
        path.write_text(text, encoding="utf-8")
        return 0
    complaints = violations(given.root)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        complaints.append(f"{GLOSSARY} is stale; run `python tools/terms.py build`")
    print(*complaints, sep="\n", file=sys.stderr)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
