"""Which search finds what readers ask for: candidates on tests/search_queries.toml, in Chromium.

    python bench/search.py                     # the built site in _build/html
    python bench/search.py --site DIR --list bench/search_unseen.toml --misses own

A hit@k: among the first k results is one of the expected pages; "sect" counts the queries that
name a heading, and asks for that heading too. ms: median and slowest time from query to results.
KB: what the reader's browser fetches for the first query (gzip), code and index together.

2026-11-22, 11 pages, 165 entries, 206 queries, two busy cores:

                  page@1  page@3  sect@1  sect@3   ms median / max   cold ms      KB
sphinxPlain        36.1%   49.0%    1.3%    2.6%       0.3 / 16.9         359     33.7
sphinxKorean       39.1%   51.5%    0.0%    2.6%       0.3 / 8.8         390     28.9
pagefind           35.6%   48.5%    0.0%    0.0%       2.3 / 54.6         640    156.0
minisearch         40.1%   56.9%   38.2%   55.3%       0.2 / 12.6         191     56.1
minisearchKorean   64.9%   91.1%   60.5%   86.8%       0.5 / 22.7         380     60.4
own                93.1%  100.0%   89.5%   98.7%       0.3 / 102.4         298     47.6

The own engine was tuned on that list. On bench/search_unseen.toml, written afterwards: own 85.7 /
95.2 % (page@1 / @3) before anything was changed for it, minisearchKorean 71.4 / 85.7, minisearch
55.6 / 71.4, sphinxKorean 58.7 / 69.8, pagefind 41.3 / 61.9.

Sphinx and Pagefind know whole words of the page: 망각 is not found in 망각은, and a stemmer for
particles helps little, because names are spaced otherwise, half typed or called something else.
MiniSearch with our reading of Hangul comes nearest, but what it saves (BM25, prefixes) is less than
what must stand around it, and it cannot meet 망ㄱ, ㅁㄱㄱㅇㅌ or akdrkr. So the engine is our own.
"""

import argparse
import json
import pickle
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import sphinx
from playwright.sync_api import sync_playwright
from sphinx.search import IndexBuilder, SearchLanguage, js_index, languages

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))
from serve import Server

NPM = {"pagefind": "1.6.0", "minisearch": "7.2.0"}
CANDIDATES = ["sphinxPlain", "sphinxKorean", "pagefind", "minisearch", "minisearchKorean", "own"]
BASIC = "themes/basic/static"
FLAGS = ["--no-sandbox", "--disable-background-networking"]

RUN = """async ([name, queries]) => {
    const began = performance.now();
    const find = await (await import("/bench/search_candidates.mjs"))[name]();
    await find(queries[0]);
    const cold = performance.now() - began, answers = [];
    for (const query of queries) {
        const start = performance.now();
        const found = await find(query);
        answers.push({ms: performance.now() - start, found: found.slice(0, 5)});
    }
    return {cold, answers};
}"""


# ---- Sphinx with an own SearchLanguage

PARTICLES = [
    "에서부터", "으로부터", "에서는", "에서", "에게", "까지", "부터", "처럼", "보다", "마다",
    "라는", "으로", "에는", "에도", "과의", "와의", "입니다", "은", "는", "이", "가", "을", "를",
    "의", "에", "도", "만", "로", "와", "과",
]
WORDS = r"[가-힣]+|[A-Za-z0-9_]+"
STEMMER = """var Stemmer = function () {
  this.stemWord = (word) => {
    if (!/^[가-힣]{3,}$/.test(word)) return word.toLowerCase();
    const end = %s.find((one) => word.endsWith(one) && word.length - one.length >= 2);
    return end ? word.slice(0, -end.length) : word;
  };
};"""


class Korean(SearchLanguage):
    lang, language_name = "ko", "Korean"
    js_splitter_code = "function splitQuery(query) { return query.match(/WORDS/g) || []; }".replace(
        "WORDS", WORDS)
    js_stemmer_code = STEMMER.replace("%s", json.dumps(PARTICLES, ensure_ascii=False))

    def split(self, text):
        return re.findall(WORDS, text)

    def stem(self, word):
        if not re.fullmatch("[가-힣]{3,}", word):
            return word.lower()
        ends = (one for one in PARTICLES if word.endswith(one) and len(word) - len(one) >= 2)
        end = next(ends, "")
        return word[:len(word) - len(end)]

    def word_filter(self, word):
        return bool(word)


def sphinx_index(doctrees, target, language):
    """Sphinx's index and scripts, made from the doctrees of the site's build."""
    sys.path[:0] = [str(ROOT / "_ext"), str(ROOT / "tools")]
    env = pickle.loads((doctrees / "environment.pickle").read_bytes())
    env.domains = {}
    builder = IndexBuilder(env, language, {}, "")
    for name in sorted(env.all_docs):
        doctree = pickle.loads((doctrees / f"{name}.doctree").read_bytes())
        builder.feed(name, f"{name}.md", env.titles[name].astext(), doctree)
    target.mkdir(parents=True)
    with (target / "searchindex.js").open("w", encoding="utf-8") as stream:
        builder.dump(stream, js_index)
    for script in ("doctools.js", "sphinx_highlight.js", "searchtools.js"):
        shutil.copy(Path(sphinx.__file__).parent / BASIC / script, target)
    values = builder.context_for_searchtool()
    code = [f"var stopwords = {values['search_language_stop_words']};",
            values["search_language_stemming_code"], values["search_word_splitter_code"]]
    (target / "language_data.js").write_text("\n".join(code), "utf-8")


# ---- measuring

def prepare(site, doctrees, work):
    """A copy of the site with every candidate's files beside it."""
    copy = work / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("live", "fonts"))
    bench = copy / "bench"
    bench.mkdir()
    shutil.copy(ROOT / "bench" / "search_candidates.mjs", bench)
    (copy / "blank.html").write_text("<!DOCTYPE html><meta charset=utf-8><title>-</title>")
    packages = [f"{name}@{version}" for name, version in NPM.items()]
    subprocess.run(["npm", "i", "--silent", "--no-audit", "--no-fund", "--prefix", work, *packages],
                   check=True)
    shutil.copy(work / "node_modules/minisearch/dist/es/index.js", bench / "minisearch.js")
    options = ["--force-language", "ko", "--root-selector", "main", "--glob", "chapters/**/*.html"]
    subprocess.run([work / "node_modules/.bin/pagefind", "--site", copy, *options],
                   check=True, capture_output=True)
    languages["ko"] = Korean
    sphinx_index(doctrees, bench / "sphinx", "en")
    sphinx_index(doctrees, bench / "sphinx-ko", "ko")
    return copy


def score(queries, answers):
    hits = {"page@1": [], "page@3": [], "section@1": [], "section@3": []}
    misses = []
    for query, answer in zip(queries, answers, strict=True):
        if not query["page"]:
            continue
        pages = [one["url"].removesuffix(".html") in query["page"] for one in answer["found"]]
        both = [ok and one["section"] == query.get("section")
                for ok, one in zip(pages, answer["found"], strict=True)]
        hits["page@1"].append(any(pages[:1]))
        hits["page@3"].append(any(pages[:3]))
        if "section" in query:
            hits["section@1"].append(any(both[:1]))
            hits["section@3"].append(any(both[:3]))
        if not any(pages[:3]):
            misses.append(query["q"])
    return {name: sum(found) / (len(found) or 1) for name, found in hits.items()}, misses


def built(site, path):
    """The queries whose page is in this build."""
    listed = tomllib.loads(path.read_text("utf-8"))
    queries = [query for kind in listed.values() for query in kind["queries"]]
    return [query for query in queries
            if not query["page"] or any((site / f"{page}.html").exists() for page in query["page"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--list", type=Path, default=ROOT / "tests" / "search_queries.toml")
    parser.add_argument("--misses", default="", help="print what this candidate misses at 3")
    args = parser.parse_args()
    queries = built(args.site, args.list)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        copy = prepare(args.site, args.site.parent / ".doctrees", Path(work))
        server = Server(copy).start()
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        print(f"{len(queries)} queries")
        print(f"{'':17s} page@1  page@3  sect@1  sect@3   ms median / max   cold ms      KB")
        for name in CANDIDATES:
            page = browser.new_context().new_page()
            page.goto(server.address + "blank.html")
            before = len(server.log)
            ran = page.evaluate(RUN, [name, [queries[0]["q"]]])
            sent = sum(size for _, path, size in server.log[before:] if "candidates" not in path)
            cold = ran["cold"]
            ran = page.evaluate(RUN, [name, [query["q"] for query in queries]])
            rates, misses = score(queries, ran["answers"])
            times = [answer["ms"] for answer in ran["answers"]]
            print(f"{name:17s}" + "".join(f"{100 * rate:6.1f}% " for rate in rates.values())
                  + f"{statistics.median(times):9.1f} / {max(times):.1f}"
                  f"{cold:12.0f}{sent / 1000:9.1f}", flush=True)
            if name == args.misses:
                print("   ", " | ".join(misses))
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
