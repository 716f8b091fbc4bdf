"""Real series: the bytes that statsmodels ships, cleaned the same way as pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import co2 as statsmodels_co2
from statsmodels.datasets import sunspots as statsmodels_sunspots

from rnnbook import series
from rnnbook.datasets import DATA, load


@pytest.mark.parametrize("package", [statsmodels_co2, statsmodels_sunspots])
def test_the_bundled_bytes_are_those_of_statsmodels(package):
    folder = Path(package.__file__).parent
    file = f"{folder.name}.csv"
    assert (DATA / file).read_bytes() == (folder / file).read_bytes()


def test_co2_equals_the_monthly_means_of_pandas():
    found = load("co2")
    weekly = statsmodels_co2.load_pandas().data["co2"]
    means = weekly.resample("MS").mean()
    np.testing.assert_array_equal(found.times, means.index.to_numpy().astype("datetime64[M]"))
    np.testing.assert_array_equal(found.filled, means.isna())
    np.testing.assert_allclose(found.values, means.interpolate(), rtol=1e-14)


def test_co2_as_the_page_states_it():
    found = load("co2")
    times, values, filled = found.times, found.values, found.filled
    assert (str(times[0]), str(times[-1]), len(times)) == ("1958-03", "2001-12", 526)
    assert times[filled].astype(str).tolist() == [
        "1958-06", "1958-10", "1964-02", "1964-03", "1964-04"]
    assert np.isfinite(values).all()
    assert 313 < values.min() < values.max() < 374
    # three months missing in a row lie on the straight line between their neighbours
    k = int(np.flatnonzero(times == np.datetime64("1964-01"))[0])
    np.testing.assert_allclose(np.diff(values[k:k + 5], 2), 0, atol=1e-12)


def test_sunspots_equal_those_of_the_package():
    found = load("sunspots")
    np.testing.assert_array_equal(found.values, statsmodels_sunspots.load_pandas().endog)
    np.testing.assert_array_equal(found.times.astype(int) + 1970, np.arange(1700, 2009))
    assert not found.filled.any()


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


def test_a_series_without_a_value_is_explained():
    with pytest.raises(ValueError, match="측정값이 하나 이상 있어야 합니다"):
        series.monthly(["2000-01"], [np.nan])
