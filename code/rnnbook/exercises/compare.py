"""비교: 받은 값이 바른 값과 같은지, 다르면 어떻게 다른지 판정한다."""

import numpy as np

RELATIVE = {"float64": 1e-9, "float32": 1e-4}
ABSOLUTE = {"float64": 1e-12, "float32": 1e-6}   # 값 하나마다


def compare(got, want, name="값", *, dtype="float64", rtol=None):
    """받은 값 하나를 비교한다. 같으면 None, 다르면 (종류, 한국어 설명).

    차이의 노름이 한도 안이면 같다고 본다: ‖받은 값 - 바른 값‖ <= rtol·‖바른 값‖ + atol·√개수.
    바른 값이 정수이면 정확히 같아야 한다.
    """
    if isinstance(want, (int, np.integer)):
        return _compare_count(got, want, name)
    try:
        array = np.asarray(got)
    except ValueError:
        return "type", f"{name}: 배열이어야 합니다: 받은 것 {type(got).__name__}"
    if array.dtype.kind not in "fiu":
        return "type", f"{name}: 실수 배열이어야 합니다: 받은 것 {_kind(got, array)}"
    want = np.asarray(want, np.float64)
    if array.shape != want.shape:
        return "shape", f"{name}의 모양은 {want.shape}이어야 합니다: 받은 모양 {array.shape}"
    if not np.isfinite(array).all():
        bad = "NaN이" if np.isnan(array).any() else "무한대가"
        return "nan", f"{name}에 {bad} 있습니다."
    rtol = max(rtol or 0, RELATIVE[dtype])
    gap = np.linalg.norm(array.astype(np.float64).ravel() - want.ravel())
    if gap > rtol * np.linalg.norm(want.ravel()) + ABSOLUTE[dtype] * max(want.size, 1) ** 0.5:
        return "value", f"{name}의 값이 다릅니다: {_first_gap(array, want)}"
    return None


def compare_all(got, want, names, **options):
    """돌려준 값들을 차례로 비교한다. 같으면 None, 다르면 (종류, 설명) 또는 (종류, 설명, 이름)."""
    got, want = flat(tuple(got) if len(names) > 1 and isinstance(got, list) else got), flat(want)
    if len(got) != len(names):
        wanted = f"값 {len(names)}개({', '.join(names)})"
        return "count", f"{wanted}를 돌려주어야 합니다: 받은 개수 {len(got)}"
    for value, right, name in zip(got, want, names, strict=True):
        if trouble := compare(value, right, name, **options):
            return *trouble, name
    return None


def flat(value):
    """겹친 튜플을 편다: (y, (h, c)) -> [y, h, c]"""
    return [v for part in value for v in flat(part)] if isinstance(value, tuple) else [value]


def numerical_gradient(loss, x, step=1e-5):
    """실수 하나를 돌려주는 loss의 기울기를 중앙 차분으로 구한다: x와 모양이 같다."""
    x = np.array(x, np.float64)
    grad = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        here = x[k]
        x[k] = here + step
        above = loss(x)
        x[k] = here - step
        grad[k] = (above - loss(x)) / (2 * step)
        x[k] = here
    return grad


def _compare_count(got, want, name):
    if isinstance(got, (bool, np.bool_)) or not isinstance(got, (int, np.integer)):
        return "type", f"{name}: 정수여야 합니다: 받은 것 {_kind(got, np.asarray(got))}"
    if got != want:
        return "value", f"{name}: 바른 값 {want}, 받은 값 {got}"
    return None


def _kind(got, array):
    return f"{array.dtype} 배열" if isinstance(got, np.ndarray) else type(got).__name__


def _first_gap(array, want):
    if not want.shape:
        return f"바른 값 {want:.6g}, 받은 값 {array:.6g}"
    k = np.unravel_index(np.argmax(np.abs(array - want)), want.shape)
    place = ", ".join(map(str, k))
    return f"[{place}]에서 바른 값 {want[k]:.6g}, 받은 값 {array[k]:.6g}"
