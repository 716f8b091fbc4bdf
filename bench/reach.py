"""How far a gradient reaches: from the last output of a recurrent layer back to each input."""

import numpy as np

LENGTH = 401    # the first 200 inputs only fill the state: gradients near a zero state are larger


def reach(layer, x, distances, rng):
    """{k: norm of d(last output)/d(input k steps back)}, the nearest one counted as 1."""
    y, _ = layer(x)
    dy = np.zeros_like(y)
    dy[:, -1] = rng.normal(size=dy[:, -1].shape)
    dx, _ = layer.backward(dy)
    size = np.linalg.norm(dx, axis=2).mean(axis=0)[::-1]
    return {k: size[k] / size[0] for k in distances}
