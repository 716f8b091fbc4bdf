"""The checks of shapes that both worlds share: what passes, what does not, alike for tensors."""

import numpy as np
import planting
import pytest
import torch

from rnnbook import shapes

KINDS = {"array": np.asarray, "tensor": torch.tensor}


def refuses(error, check, *given):
    with pytest.raises(error, match=r"[가-힣]"):
        check(*given)


def right(m, kind=np.asarray):
    """Right input comes through, and every kind of wrong input is refused with its own error."""
    x, yes = kind(np.zeros((2, 3, 4))), kind(np.ones((2, 3, 4), bool))
    m.check_shape(x, "x", ("N", 3, "H"))
    m.check_vectors(x, "x", (2, "T", 4))
    for shape in [(2, 3), (2, 3, 5), (3, 3, 4), ("N", "T", "H", "D"), ("T", "N", 3)]:
        refuses(ValueError, m.check_shape, x, "x", shape)
        refuses(ValueError, m.check_vectors, x, "x", shape)
    refuses(ValueError, m.check_shape, x[:, :0], "x", ("N", "T", "H"))
    refuses(TypeError, m.check_vectors, yes, "x", yes.shape)
    refuses(TypeError, m.check_vectors, [1.0], "x", (1,))

    part = kind([[True, False, True, True]] * 2)
    wide, whole = m.check_mask(part, (2, 3, 4)), m.check_mask(yes, (2, 3, 4))
    for shape in [(2, 3, 5), (1, 3, 4), (2, 2, 4), (1, 2, 3, 4)]:
        refuses(ValueError, m.check_mask, yes, shape)
    refuses(ValueError, m.check_mask, part[0], (2, 3, 4))
    refuses(ValueError, m.check_mask, kind([[True], [False]]), (2, 3, 1))
    refuses(TypeError, m.check_mask, x, (2, 3, 4))

    q, k, v = (kind(np.zeros(shape)) for shape in [(2, 3, 4), (2, 5, 4), (2, 5, 6)])
    m.check_attention(q, k, v)
    for wrong in [(q[:1], k, v), (q, k, v[:1]), (q[:, :, :3], k, v), (q, k, v[:, :4]),
                  (q[:, :0], k, v), (q, k, v[:, :, :0]), (q[0, 0], k[0, 0], v[0, 0, :4])]:
        refuses(ValueError, m.check_attention, *wrong)

    lengths = m.check_lengths(kind([4, 1]), (2, 4))
    for wrong in ([1, 2, 3], [[1, 2]], [0, 2], [1, 5]):
        refuses(ValueError, m.check_lengths, wrong, (2, 4))
    for wrong in ([1.0, 2.0], [True, True]):
        refuses(TypeError, m.check_lengths, wrong, (2, 4))
    return (tuple(wide.shape) == (2, 1, 4) and not wide[:, :, 1].any() and whole is yes
            and lengths.tolist() == [4, 1] and lengths.dtype == np.intp)


@pytest.mark.parametrize("kind", KINDS)
def test_right_input_passes_and_wrong_input_does_not(kind):
    assert right(shapes, KINDS[kind])


ERRORS = {
    "any number of axes": ("len(x.shape) == len(shape) and all(", "all("),
    "empty arrays": ("size > 0 and", "size >= 0 and"),
    "any size": ("wanted in (size, str(wanted))", "True"),
    "names are sizes": ("wanted in (size, str(wanted))", "wanted == size"),
    "whole numbers are vectors": ('if "float" not in', 'if "o" not in'),
    "vectors of any shape": ("    check_shape(x, what, shape)\n", ""),
    "any kind of mask": ('.endswith("bool")', '.endswith("")'),
    "masks for the batch not spread": ("if mask.ndim == len(shape) - 1:", "if False:"),
    "masks spread over the wrong axis": ("mask[..., None, :]", "mask[:, :, None]"),
    "masks of any batch": ("size in (1, whole)", "True"),
    "masks with any number of axes": ("fits = mask.ndim == len(shape) and all(", "fits = all("),
    "masks of any width": ("if not fits or mask.shape[-1] != shape[-1]:", "if not fits:"),
    "nothing to see": ("if not mask.any(-1).all():", "if not mask.any():"),
    "queries of another batch": ("a[:-2] == b[:-2] == c[:-2]", "b[:-2] == c[:-2]"),
    "values of another batch": ("a[:-2] == b[:-2] == c[:-2]", "a[:-2] == b[:-2]"),
    "no queries": ("0 in a + b + c", "0 in b + c"),
    "values without entries": ("0 in a + b + c", "0 in a + b"),
    "keys of any size": ("a[-1] != b[-1]", "False"),
    "values for other keys": ("b[-2] != c[-2]", "False"),
    "no axis of queries": ("min(map(len, (a, b, c))) < 2 or ", ""),
    "fractions and truth values as lengths": ('if lengths.dtype.kind not in "iu":', "if False:"),
    "any number of lengths": ("if lengths.shape != (N,):", "if False:"),
    "no steps at all": ("lengths.min() < 1", "lengths.min() < 0"),
    "more steps than there are": ("lengths.max() > T", "lengths.max() > T + 1"),
}
test_planted_errors_are_noticed = planting.noticed((shapes, ERRORS, right))
