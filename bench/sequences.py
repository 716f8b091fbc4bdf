"""Every measurement the sequences chapter states, into bench/results/sequences.json.

The monthly co2 and the yearly sunspots: the last part of each series is the test, the part before
it the validation. Differences, lags, learning rates and epochs are those with the lowest one-step
error on the validation part (networks: the mean over seeds that are not measured). Then everything
is fitted on all that comes before the test, and forecasts from every place of it: one step, and k
steps in which a model sees nothing but its own forecasts. Errors are root mean squares.

    python bench/sequences.py            # about 6 CPU minutes on one core
    python bench/sequences.py co2        # only this one
    python bench/sequences.py --small    # seconds, writes nothing
"""

import record

record.one_thread()

from itertools import product
from typing import NamedTuple

import numpy as np
import torch

from rnnbook import concise as torch_models
from rnnbook import datasets
from rnnbook import scratch as numpy_models
from rnnbook.baselines import LastValue, LinearAR, SeasonalNaive
from rnnbook.forecast_errors import rmse
from rnnbook.sequences import Scaled, Scaling, evaluate, split, window_batches
from rnnbook.trainer import Trainer

SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
OTHER_SEEDS = (11, 12, 13)                     # to choose with
WORLDS = {"scratch": (numpy_models, "NumPy 구현"), "concise": (torch_models, "PyTorch 구현")}
NETWORKS = {"mlp": "MLP", "rnn": "RNN", "lstm": "LSTM"}
HIDDEN, BATCH, CLIP, RATES = 16, 16, 1.0, (0.001, 0.004)
CHECKS = 6                                     # numbers of epochs to choose from


class Problem(NamedTuple):
    """A series, how it is cut, the leads to report, and what there is to choose from.

    Epochs are chosen from `every`, twice `every` and so on, CHECKS in all.
    """

    name: str
    unit: str
    digits: int
    valid: int
    test: int
    season: int
    leads: tuple
    differences: tuple
    lags: tuple
    every: int


class Recipe(NamedTuple):
    difference: int
    lags: int
    rate: float = None
    epochs: int = None

    @property
    def history(self):
        """How many values of the series a forecast sees."""
        return self.difference + self.lags


CO2 = Problem("co2", "ppm", 2, 60, 120, 12, (1, 12, 24), (0, 1, 12), (13, 25, 37), 25)
SUNSPOTS = Problem("sunspots", "", 1, 80, 80, 11, (1, 5, 11), (0,), (11, 22, 33), 10)


def network(kind, recipe, known, world, seed):
    """(forecaster, its trainer, batches): a network of one world, not taught yet."""
    scaling, rng = Scaling(known, recipe.difference), np.random.default_rng(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    given = {"rng": rng} if world is numpy_models else {}
    if kind == "mlp":
        model = world.MLPForecaster(recipe.lags, HIDDEN, **given)
    else:
        model = world.RNNForecaster(HIDDEN, cell=kind, **given)
    if kind == "lstm":
        model.rnn.fill_bias("f", 1)
    batches = window_batches(scaling.apply(known), recipe.lags, BATCH, rng=rng)
    trainer = Trainer(model, world.Adam(model.parameters(), recipe.rate), clip=CLIP)
    return Scaled(model, scaling), trainer, batches


def teach(kind, recipe, known, world, seed):
    forecaster, trainer, batches = network(kind, recipe, known, world, seed)
    trainer.fit(batches, epochs=recipe.epochs, progress=False)
    return forecaster


def linear(recipe, known):
    scaling = Scaling(known, recipe.difference)
    return Scaled(LinearAR(recipe.lags).fit(scaling.apply(known)), scaling)


def one_step(forecaster, part, history):
    return rmse(*evaluate(forecaster, part, history))


# --- what is chosen on the validation part --------------------------------------------------------

def parts(problem, history):
    """What comes before the validation part, and that part with a history in front of it."""
    known, valid, _ = split(datasets.load(problem.name).values, problem.valid, problem.test,
                            lags=history)
    return known, valid


def choose_linear(problem):
    def error(recipe):
        known, valid = parts(problem, recipe.history)
        return one_step(linear(recipe, known), valid, recipe.history)

    return min((Recipe(*pair) for pair in product(problem.differences, problem.lags)), key=error)


def choose(problem, kind, differences, small):
    """The recipe of a network with the lowest validation error, the mean over other seeds."""
    errors, every = {}, 1 if small else problem.every
    seeds = OTHER_SEEDS[:1] if small else OTHER_SEEDS
    for difference, lags, rate in product(differences, problem.lags, RATES):
        recipe = Recipe(difference, lags, rate)
        known, valid = parts(problem, recipe.history)
        found = np.zeros(2 if small else CHECKS)
        for seed in seeds:
            forecaster, trainer, batches = network(kind, recipe, known, numpy_models, seed)
            for k in range(len(found)):
                trainer.fit(batches, epochs=every, progress=False)
                found[k] += one_step(forecaster, valid, recipe.history) / len(seeds)
        for k, error in enumerate(found, start=1):
            errors[recipe._replace(epochs=k * every)] = error
    best = min(errors, key=errors.get)
    print(f"  {problem.name} {kind}: {best}, {errors[best]:.3f} on the validation part", flush=True)
    return best


# --- the test -------------------------------------------------------------------------------------

def errors(forecaster, problem, history):
    """RMSE on the test at each lead; one step from every place of it."""
    _, _, test = split(datasets.load(problem.name).values, problem.valid, problem.test,
                       lags=history)
    by_step = rmse(*evaluate(forecaster, test, history, max(problem.leads)), axis=0)
    return [one_step(forecaster, test, history), *(by_step[k - 1] for k in problem.leads[1:])]


def compare(problem, small):
    results, name = {}, problem.name
    known = datasets.load(name).values[:-problem.test]

    def put(key, label, runs):
        for k, lead in enumerate(problem.leads):
            results[f"{name}.{key}.{lead}"] = measure(
                f"{lead}시점 뒤를 예측한 오차(RMSE), {name}, {label}", [run[k] for run in runs],
                problem.digits, problem.unit)

    def say(key, label, recipe):
        for field, value in recipe._asdict().items():
            if value is not None:
                what = {"difference": "차분의 간격", "lags": "창의 길이", "rate": "학습률",
                        "epochs": "에포크"}[field]
                results[f"{name}.chosen.{key}.{field}"] = measure(
                    f"검증 자료로 고른 {what}, {name}, {label}", [value],
                    3 if field == "rate" else 0, "")

    put("last", "마지막 값", [errors(LastValue(), problem, 1)])
    put("seasonal", "한 주기 앞의 값",
        [errors(SeasonalNaive(problem.season), problem, problem.season)])
    recipe = choose_linear(problem)
    say("ar", "선형 자기회귀", recipe)
    put("ar", "선형 자기회귀", [errors(linear(recipe, known), problem, recipe.history)])
    tasks = [(kind, kind, label, problem.differences) for kind, label in NETWORKS.items()]
    if len(problem.differences) > 1:               # what happens outside the range it was taught on
        tasks.append(("level", "mlp", "차분하지 않은 MLP", (0,)))
    for key, kind, label, differences in tasks:
        recipe = choose(problem, kind, differences, small)
        say(key, label, recipe)
        for world, (package, called) in WORLDS.items():
            runs, seconds = [], []
            for seed in SEEDS:
                model, spent = cpu(teach, kind, recipe, known, package, seed)
                runs.append(errors(model, problem, recipe.history))
                seconds.append(spent)
            put(f"{key}.{world}", f"{label}, {called}", runs)
            results[f"{name}.seconds.{key}.{world}"] = measure(
                f"학습에 든 CPU 시간, {name}, {label}, {called}", seconds, 1, "초")
    return results


def co2(small):
    return compare(CO2._replace(differences=(0, 1), lags=(13,)) if small else CO2, small)


def sunspots(small):
    return compare(SUNSPOTS._replace(lags=(11,)) if small else SUNSPOTS, small)


TITLE = "시퀀스와 자기회귀"
EXPERIMENTS = {"co2": co2, "sunspots": sunspots}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
