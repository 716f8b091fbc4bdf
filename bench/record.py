"""What the measurements of the chapters share: one thread, the seeds, the record, its freshness.

bench/<stem>.py sets the threads before NumPy is imported, names its chapter, and lists its
experiments, functions of `small` that return {key: measure(...)} and seed everything they draw:

    import record

    record.one_thread()

    import numpy as np
    ...
    TITLE, EXPERIMENTS = "순환 신경망", {"perplexity": perplexity, "gradient": gradient}

    if __name__ == "__main__":
        record.main(__file__, TITLE, EXPERIMENTS)

    python bench/<stem>.py             # all of them anew, into bench/results/<stem>.json
    python bench/<stem>.py gradient    # only this one; the others keep their recorded values
    python bench/<stem>.py --small     # tiny sizes, seconds, writes nothing: does it still run?

Beside the results the record keeps what the small run gave at that time. The tests repeat the
small run (tests/tools/test_record.py): if it gives something else, the code no longer computes
what was recorded, and the record is stale. So the small run takes no downloaded data (작은 이야기,
or what it draws itself, stands in); the whole one loads them with cache=record.cache().
"""

import argparse
import datetime
import json
import math
import os
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
SEEDS = (1, 2, 3)
TIMES = {"초", "분", "배"}               # units of what differs on every machine


def one_thread():
    """Call before NumPy is imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def cache():
    """The folder with the downloaded data where this machine has one; None is the reader's own."""
    folder = Path(os.environ.get("RNNBOOK_SHARED", ROOT.parent / "shared")) / "data"
    return folder if folder.exists() else None


def measure(what, runs, digits, unit):
    """One row of the results page: one run per seed, or exactly one of what no seed can change.

    A run of None did not get there. `digits` are those shown after the decimal point.
    """
    runs = [None if run is None else float(run) for run in runs]
    return {"what": what, "runs": runs, "digits": digits, "unit": unit}


def cpu(work, *args, **kwargs):
    """(what work returns, the CPU seconds it took)."""
    start = time.process_time()
    value = work(*args, **kwargs)
    return value, time.process_time() - start


def fit(model, optimizer, batches, epochs, peak, clip):
    """Train; the rate falls along half a cosine from `peak` to a hundredth of it."""
    total = epochs * len(batches)
    for k, batch in enumerate(batch for _ in range(epochs) for batch in batches):
        rate = peak * (0.01 + 0.99 * (1 + math.cos(math.pi * k / total)) / 2)
        for group in getattr(optimizer, "param_groups", [vars(optimizer)]):       # torch's, or ours
            group["lr"] = rate
        model.train_step(batch)
        model.clip_grad_norm(clip)
        optimizer.step()


def main(path, title, experiments, argv=None, flags=""):
    """The command line above; `flags` are those the command on the results page needs besides."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("names", nargs="*", choices=[*experiments, []])
    parser.add_argument("--small", action="store_true", help="tiny sizes, nothing is written")
    given = parser.parse_args(argv)
    target, kept = RESULTS / f"{Path(path).stem}.json", {}
    if given.names and target.exists():
        kept = json.loads(target.read_text("utf-8"))
    for name in given.names or experiments:
        print(name, flush=True)
        small = experiments[name](True)
        if given.small:
            show(small)
            continue
        results, seconds = cpu(experiments[name], False)
        show(results)
        kept = joined(kept, name, small, results, seconds / 60)
        kept["about"] |= about(f"python bench/{Path(path).stem}.py{flags}", title)
        RESULTS.mkdir(exist_ok=True)
        target.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def joined(kept, name, small, results, minutes):
    """The record with one experiment put in the place of its earlier run."""
    spent = kept.get("about", {}).get("minutes", {}) | {name: round(minutes, 1)}
    return {"about": {"cpu_minutes": round(sum(spent.values()), 1), "minutes": spent},
            "results": kept.get("results", {}) | {name: results},
            "small": kept.get("small", {}) | {name: steady(small)}}


def steady(results):
    """{key: runs} of what is the same on every machine."""
    return {key: entry["runs"] for key, entry in results.items() if entry["unit"] not in TIMES}


def about(command, title):
    from importlib.metadata import version

    torch = f", PyTorch {version('torch')}" if "torch" in sys.modules else ""
    return {"title": title, "command": command,
            "date": str(datetime.date.today()),
            "machine": f"{platform.machine()} CPU 한 코어, Python {platform.python_version()}, "
                       f"NumPy {version('numpy')}{torch}"}


def show(results):
    for key, entry in results.items():
        print(f"  {key}: {entry['runs']} {entry['unit']}", flush=True)
