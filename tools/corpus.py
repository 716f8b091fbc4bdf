"""Assemble and measure 작은 이야기, the book's own corpus.

    python tools/corpus.py assemble DIR...   every *.txt under DIR -> code/rnnbook/data/stories.txt
    python tools/corpus.py measure           counts, overlap -> code/rnnbook/data/stories.card.toml

A source file holds stories separated by one blank line; the first line of a story is its title,
every further line a paragraph. The order of the result depends on the titles alone, so it is the
same for any order of the sources, and stories of one writer do not stand together.
"""

import argparse
import hashlib
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "code" / "rnnbook" / "data"
TEXT, CARD = DATA / "stories.txt", DATA / "stories.card.toml"
ALLOWED = re.compile(r"[가-힣 .,?!…“”‘’~-]+")
PAIRS = {"“": "”", "‘": "’"}
GRAM = 8
OVERLAP_BOUND = 0.10  # two stories may share at most this part of the shorter one's 8-grams


def normalise(text):
    """NFC, no outer or double spaces on a line, `...` as `…`."""
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    text = re.sub(r"[.…]{3,}|…+", "…", text)
    return "\n".join(re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.splitlines())


def offences(text, name):
    """What keeps a source from being part of the corpus, as `file:line: reason`."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        where = f"{name}:{number}"
        odd = sorted(set(ALLOWED.sub("", line)))
        if odd:
            found.append(f"{where}: not allowed: {' '.join(map(repr, odd))}")
        open_marks = []
        for letter in line:
            if letter in PAIRS:
                open_marks.append(PAIRS[letter])
            elif letter in PAIRS.values() and (not open_marks or open_marks.pop() != letter):
                found.append(f"{where}: {letter} closes nothing")
                open_marks = []
        if open_marks:
            found.append(f"{where}: a quotation is not closed")
    return found


def read(folders):
    """Stories of all sources by title, and the offences."""
    stories, where, found = {}, {}, []
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.txt")):
        text = normalise(path.read_text("utf-8"))
        found += offences(text, path)
        for story in filter(None, re.split(r"\n{2,}", text.strip("\n"))):
            title, *paragraphs = story.split("\n")
            if not paragraphs:
                found.append(f"{path}: a story of one line: {title!r}")
            elif title in stories:
                found.append(f"{path}: the title {title!r} also stands in {where[title]}")
            else:
                stories[title], where[title] = story, path
    return stories, found


def arrange(stories):
    """Stories in an order that depends on nothing but their titles."""
    return sorted(stories, key=lambda s: hashlib.sha256(s.split("\n")[0].encode()).hexdigest())


def overlaps(stories):
    """(share of the shorter story's distinct 8-grams, title, title), the highest first."""
    grams = [{s[i : i + GRAM] for i in range(len(s) - GRAM + 1)} for s in stories]
    holders = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            holders[gram].append(number)
    shared = Counter(
        (a, b) for held in holders.values() for i, a in enumerate(held) for b in held[i + 1 :]
    )
    titles = [s.split("\n")[0] for s in stories]
    return sorted(
        (
            (n / min(len(grams[a]), len(grams[b])), titles[a], titles[b])
            for (a, b), n in shared.items()
        ),
        reverse=True,
    )


def measure(data):
    """The numbers of the card, from the bytes of stories.txt."""
    text = data.decode("utf-8")
    stories = text.strip("\n").split("\n\n")
    body = "\n".join(story.split("\n", 1)[1] for story in stories)
    sentences = [s for s in re.split(r"[.?!…]+[”’]?\s*|\n", body) if s.strip("“”‘’ ,")]
    share, one, other = overlaps(stories)[0]
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "stories": len(stories),
        "characters": len(text),
        "syllables": sum("가" <= c <= "힣" for c in text),
        "syllable_types": len({c for c in text if "가" <= c <= "힣"}),
        "sentences": len(sentences),
        "words_per_sentence": round(len(body.split()) / len(sentences), 1),
        "words_in_quotes": round(
            sum(len(q.split()) for q in re.findall("“[^”]*”", body)) / len(body.split()), 2
        ),
        "highest_overlap": round(share, 3),
        "highest_overlap_between": [one, other],
    }


def write_card(numbers):
    """The card: facts that people state, then facts that this tool counts."""
    lines = [
        "# 작은 이야기의 카드. tools/corpus.py measure가 세어서 쓴다.",
        'title = "작은 이야기"',
        'author = "rnnbook"',
        'licence = "CC0-1.0"',
        'language = "ko"',
        'reading_level = "초등학교 저학년이 혼자 읽는 동화"',
        'made = "이 책을 위해 새로 쓴 글. 다른 글에서 옮긴 문장이 없다."',
        "",
        "# sha256은 stories.txt의 해시, words_per_sentence는 한 문장의 평균 어절 수,",
        "# words_in_quotes는 따옴표 안에 든 어절의 비율, highest_overlap은 두 이야기 가운데",
        "# 짧은 쪽의 서로 다른 8글자 조각이 다른 쪽에도 나오는 비율의 최댓값이다.",
    ]
    for key, value in numbers.items():
        if isinstance(value, list):
            value = "[" + ", ".join(f'"{v}"' for v in value) + "]"
        elif isinstance(value, str):
            value = f'"{value}"'
        lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    assemble = commands.add_parser("assemble")
    assemble.add_argument("folders", nargs="+")
    assemble.add_argument("--out", type=Path, default=TEXT)
    look = commands.add_parser("measure")
    look.add_argument("--text", type=Path, default=TEXT)
    look.add_argument("--top", type=int, default=5)
    args = parser.parse_args(argv)

    if args.command == "assemble":
        stories, found = read(args.folders)
        if found:
            print(*found, sep="\n", file=sys.stderr)
            return 1
        args.out.write_bytes(("\n\n".join(arrange(stories.values())) + "\n").encode("utf-8"))
        print(f"{args.out}: {len(stories)} stories")
        return 0
    data = args.text.read_bytes()
    numbers = measure(data)
    args.text.with_suffix(".card.toml").write_bytes(write_card(numbers).encode("utf-8"))
    print(*(f"{key}: {value}" for key, value in numbers.items()), sep="\n")
    print("closest pairs:")
    for share, one, other in overlaps(data.decode().strip("\n").split("\n\n"))[: args.top]:
        print(f"  {share:.3f}  {one} / {other}")
    return int(numbers["highest_overlap"] > OVERLAP_BOUND)


if __name__ == "__main__":
    sys.exit(main())
