"""Every measurement the Hopfield chapter states, into bench/results/hopfield.json.

Random patterns are stored, each is the starting state of an asynchronous recall, and it counts as
kept if the end state agrees with it in at least 95 % of the components (overlap m >= 0.9). The
fall is rounded at these sizes, and half are lost only well above 0.138 N; what marks the place is
that all curves cross there: below it a larger network keeps more of its patterns, above it fewer.

    python bench/hopfield.py                # about 3 CPU minutes on one core
    python bench/hopfield.py --small        # seconds, writes nothing: does it still run?
"""

import record

record.one_thread()

import numpy as np

from rnnbook.scratch.hopfield import capacity

SEEDS, measure = record.SEEDS, record.measure
SIZES = (100, 200, 400)
LOADS = (0.05, 0.08, 0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.20, 0.22, 0.25)
PATTERNS = 4000                         # at every load, over as many networks as that takes


def curve(size, seed, patterns):
    """The share of the patterns kept at each load."""
    rng, shares = np.random.default_rng([size, seed]), []
    for load in LOADS:
        count = round(load * size)
        found = capacity(size, [count] * -(-patterns // count), rng=rng)
        shares.append((np.concatenate(found) >= 0.9).mean())
    return np.array(shares)


def last_zero(values):
    """The load at which values fall below zero for good; None if they never do."""
    if values[-1] >= 0 or values.max() < 0:
        return None
    k = np.flatnonzero(values >= 0)[-1]
    return np.interp(0, values[[k + 1, k]], [LOADS[k + 1], LOADS[k]])


def sweep(small):
    """The curves, where half are lost, and where the smallest and the largest network cross."""
    results, curves, sizes = {}, {}, (20, 40) if small else SIZES
    for size in sizes:
        runs = curves[size] = [curve(size, seed, 50 if small else PATTERNS) for seed in SEEDS]
        for k, load in enumerate(LOADS):
            results[f"kept.{size}.{100 * load:.0f}"] = measure(
                f"되찾은 패턴의 비율, N = {size}, P = {load:.2f}N",
                [100 * run[k] for run in runs], 1, "%")
        results[f"half.{size}"] = measure(f"패턴의 절반만 되찾는 P/N, N = {size}",
                                          [last_zero(run - 0.5) for run in runs], 3, "")
    pairs = zip(curves[sizes[-1]], curves[sizes[0]], strict=True)
    results["crossing"] = measure(f"N = {sizes[0]}과 N = {sizes[-1]}의 곡선이 만나는 P/N",
                                  [last_zero(large - little) for large, little in pairs], 3, "")
    return results


TITLE = "홉필드 네트워크"
EXPERIMENTS = {"capacity": sweep}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
