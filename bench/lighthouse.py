"""Lighthouse on the heaviest page of the built site (or on the pages named): `make lighthouse`.

    python bench/lighthouse.py [--root _build/html] [chapters/lstm/index.html …]

Phone profile with Lighthouse's own throttling; performance must reach 95, the rest 100.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from serve import Server

PACKAGE = "lighthouse@12.8.2"
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
MEASURES = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint",
            "TBT": "total-blocking-time", "CLS": "cumulative-layout-shift",
            "SI": "speed-index", "weight": "total-byte-weight"}
CHROMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = "--headless=new --no-sandbox --disable-background-networking --disable-gpu --disable-quic"


def heaviest(root):
    """The content page whose HTML is largest: everything else is shared."""
    pages = root.glob("chapters/**/*.html")
    return max(pages, key=lambda page: page.stat().st_size).relative_to(root).as_posix()


def audit(address):
    """Lighthouse's report of one page, as a dictionary."""
    chrome = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, CHROMES)), "")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            ["npm", "exec", "--yes", f"--package={PACKAGE}", "--", "lighthouse", address, "--quiet",
             "--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}"],
            check=True, env={**os.environ, "CHROME_PATH": chrome})
        return json.loads(report.read_text("utf-8"))


def complaints(report, category):
    """(title, what to do) of the audits that cost points."""
    for reference in report["categories"][category]["auditRefs"]:
        found = report["audits"][reference["id"]]
        if reference["weight"] and found["score"] is not None and found["score"] < 0.9:
            yield found["title"], found.get("displayValue", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--root", type=Path, default=ROOT / "_build" / "html")
    args = parser.parse_args()
    server, failed = Server(args.root).start(), False
    for page in args.pages or [heaviest(args.root)]:
        report = audit(server.address + page)
        scores = {name: round(100 * report["categories"][name]["score"]) for name in BARS}
        print(page, " ".join(f"{name} {score}" for name, score in scores.items()))
        print("   ", *(f"{short} {report['audits'][name].get('displayValue', '')} ·"
                       for short, name in MEASURES.items()))
        for name, bar in BARS.items():
            if scores[name] < bar:
                failed = True
                for complaint in complaints(report, name):
                    print("   ", name, *complaint)
    sys.exit(failed)


if __name__ == "__main__":
    main()
