"""Real series out of an installed package: the same bytes, cleaned the same way as pandas."""

import hashlib
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import co2 as statsmodels_co2
from statsmodels.datasets import sunspots as statsmodels_sunspots

from rnnbook import series

FILES = {
    "co2": ("datasets/co2/co2.csv",
            "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f"),
    "sunspots": ("datasets/sunspots/sunspots.csv",
                 "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b"),
}


def text(name):
    return series.packaged("statsmodels", *FILES[name])


def test_co2_equals_the_monthly_means_of_pandas():
    found = series.co2(text("co2"))
    weekly = statsmodels_co2.load_pandas().data["co2"]
    means = weekly.resample("MS").mean()
    np.testing.assert_array_equal(found.times, means.index.to_numpy().astype("datetime64[M]"))
    np.testing.assert_array_equal(found.filled, means.isna())
    np.testing.assert_allclose(found.values, means.interpolate(), rtol=1e-14)


def test_co2_as_the_page_states_it():
    times, values, filled = series.co2(text("co2"))
    assert (str(times[0]), str(times[-1]), len(times)) == ("1958-03", "2001-12", 526)
    assert times[filled].astype(str).tolist() == [
        "1958-06", "1958-10", "1964-02", "1964-03", "1964-04"]
    assert np.isfinite(values).all()
    assert 313 < values.min() < values.max() < 374
    # three months missing in a row lie on the straight line between their neighbours
    k = int(np.flatnonzero(times == np.datetime64("1964-01"))[0])
    np.testing.assert_allclose(np.diff(values[k:k + 5], 2), 0, atol=1e-12)


def test_sunspots_equal_those_of_the_package():
    times, values, filled = series.sunspots(text("sunspots"))
    np.testing.assert_array_equal(values, statsmodels_sunspots.load_pandas().endog)
    np.testing.assert_array_equal(times.astype(int) + 1970, np.arange(1700, 2009))
    assert not filled.any()


def test_months_without_a_value_are_filled_and_marked():
    times, values, filled = series.monthly(
        ["2000-11", "2000-11", "2001-02", "2000-12", "2001-03"], [1, 3, 8, np.nan, 5])
    assert times.astype(str).tolist() == ["2000-11", "2000-12", "2001-01", "2001-02", "2001-03"]
    np.testing.assert_allclose(values, [2, 4, 6, 8, 5])
    assert filled.tolist() == [False, True, True, False, False]


def test_the_order_of_the_measurements_does_not_matter(rng):
    months = np.array([f"{year}-{month:02}" for year in (1999, 2000) for month in range(1, 13)] * 3)
    values = rng.normal(size=len(months))
    values[rng.random(len(values)) < 0.5] = np.nan
    order = rng.permutation(len(months))
    ours, shuffled = series.monthly(months, values), series.monthly(months[order], values[order])
    np.testing.assert_array_equal(ours.times, shuffled.times)
    np.testing.assert_array_equal(ours.filled, shuffled.filled)
    np.testing.assert_allclose(ours.values, shuffled.values, rtol=1e-12)
    frame = pd.Series(values, pd.to_datetime(months)).dropna()
    means = frame.resample("MS").mean().interpolate()
    np.testing.assert_allclose(ours.values, means, rtol=1e-12)


def test_reading_a_series_does_not_load_statsmodels():
    code = ("import sys; from rnnbook import series; "
            f"series.co2(series.packaged('statsmodels', *{FILES['co2']!r})); "
            "print(sorted({'pandas', 'scipy', 'statsmodels'} & set(sys.modules)))")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_mistakes_are_explained(tmp_path, monkeypatch):
    with pytest.raises(ModuleNotFoundError, match="pip install no_such_package"):
        series.packaged("no_such_package", "x.csv", "")
    with pytest.raises(RuntimeError, match=r"이 책에서 쓴 것과 다릅니다: .*co2\.csv"):
        series.packaged("statsmodels", FILES["co2"][0], "0" * 64)
    (tmp_path / "borrowed").mkdir()
    (tmp_path / "borrowed" / "__init__.py").touch()
    (tmp_path / "borrowed" / "a.csv").write_text("글", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    good = hashlib.sha256("글".encode()).hexdigest()
    assert series.packaged("borrowed", "a.csv", good) == "글"
    with pytest.raises(RuntimeError, match=r"b\.csv \(없거나"):
        series.packaged("borrowed", "b.csv", good)
    with pytest.raises(ValueError, match="측정값이 하나 이상 있어야 합니다"):
        series.monthly(["2000-01"], [np.nan])
