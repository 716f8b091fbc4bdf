"""The fast ways give the same numbers as the plain ones."""

import numpy as np
import pytest

from rnnbook.scratch.fast import add_rows, blocks, times


@pytest.mark.parametrize("shape", [(1, 3), (1000, 700), (5, 1 << 18), (0, 4)])
def test_blocks_cover_every_row_once(shape):
    rows = [k for part in blocks(np.empty(shape, bool)) for k in range(shape[0])[part]]
    assert rows == list(range(shape[0]))


@pytest.mark.parametrize("count", [1, 50, 200])
@pytest.mark.parametrize("size", [1, 7, 127, 128, 300])
def test_rows_of_one_id_are_summed(size, count, rng):
    ids, rows = rng.integers(size, size=count), rng.normal(size=(count, 3))
    expected = np.ones((size, 3))
    np.add.at(expected, ids, rows)
    for table in (np.ones((size, 3)), np.ones((3, size)).T):     # either order in memory
        add_rows(table, ids, rows)
        np.testing.assert_allclose(table, expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limit", [0, 5 * 26 * 13, 5 * 26 * 26, 1_000_000])
@pytest.mark.parametrize("lead", [(), (1,), (4,)])
@pytest.mark.parametrize("columns", [1, 26, 29, 52])
@pytest.mark.parametrize("rows", [1, 5])
def test_a_product_in_tiles_is_the_product(rows, columns, lead, limit, dtype, rng):
    x = rng.normal(size=(rows, 26)).astype(dtype)
    matrix = rng.normal(size=(*lead, columns, 26)).astype(dtype).swapaxes(-1, -2)
    y = times(matrix, rows, limit=limit)(x)
    assert y.dtype == dtype
    assert y.flags.c_contiguous
    np.testing.assert_allclose(y, x @ matrix, rtol=0, atol=1e-4 if dtype == np.float32 else 1e-12)


def test_results_are_fresh_arrays(rng):
    product, x = times(rng.normal(size=(4, 26, 26)), 5, limit=5 * 26 * 13), rng.normal(size=(5, 26))
    first = product(x)
    kept = first.copy()
    product(x + 1)
    np.testing.assert_array_equal(first, kept)
