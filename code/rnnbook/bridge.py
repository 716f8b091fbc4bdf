"""NumPy 구현과 PyTorch 구현이 같은지 확인한다.

두 구현을 함께 불러오는 모듈은 이것뿐이다.
"""

import numpy as np
import torch


def copy_weights(concise, scratch):
    """PyTorch 모듈의 매개변수를 NumPy 모듈에 복사한다. 이름도 축도 바꾸지 않는다.

    이름이 다르면 KeyError, 모양이 다르면 ValueError, 둘의 순서를 바꾸면 TypeError.
    """
    if not isinstance(concise, torch.nn.Module) or isinstance(scratch, torch.nn.Module):
        kinds = f"{type(concise).__module__}, {type(scratch).__module__}"
        raise TypeError("PyTorch 모듈, NumPy 모듈의 차례로 주어야 합니다: "
                        f"받은 것은 {kinds}의 모듈")
    scratch.load_state_dict({k: v.detach().numpy() for k, v in concise.state_dict().items()})


def agree(scratch, concise, x, state=None, *, atol=None, **options):
    """같은 입력에서 출력, 상태, 기울기가 같은지 하나씩 확인해 출력한다. 모두 같으면 True.

    한도는 배열의 가장 큰 절댓값(1보다 작으면 1)에 1e-10(float32이면 1e-4)을 곱한 값이고,
    atol을 주면 atol이다. 차이의 크기는 컴퓨터마다 다르므로 출력하지 않는다.
    """
    same = True
    for name, ours, theirs in pairs(scratch, concise, x, state, **options):
        limit = atol or (1e-10 if ours.dtype == np.float64 else 1e-4) * max(1, abs(theirs).max())
        ok = ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=0, atol=limit)
        print(f"{name} {ours.shape}: {'일치' if ok else '불일치'}")
        same = same and ok
    return same


def pairs(scratch, concise, x, state=None, **options):
    """비교할 배열의 리스트: (이름, NumPy 구현의 배열, PyTorch 구현의 배열).

    기울기는 출력과 마지막 상태에 같은 무작위 기울기를 주고 구한다. 정수 x에는 기울기가 없다.
    options는 두 모듈에 그대로 넘긴다. 예: lengths=[3, 1]
    """
    dtype = next(iter(scratch.params.values())).dtype
    x, starts = np.asarray(x), _arrays(state)
    tokens = x.dtype.kind in "iu"
    tx = torch.tensor(x if tokens else x.astype(dtype), requires_grad=not tokens)
    tstarts = [torch.tensor(np.asarray(part, dtype), requires_grad=True) for part in starts]
    ours = _arrays(scratch(tx.detach().numpy(), *_state(starts), **options))
    theirs = _arrays(concise(tx, *_state(tstarts), **options))
    is_cell = hasattr(scratch, "step")               # 셀은 상태만 돌려준다
    names = ["상태 h", "상태 c"] if is_cell else ["출력", "상태 h", "상태 c"]
    found = [(n, a, b.detach().numpy()) for n, a, b in zip(names, ours, theirs, strict=False)]
    if is_cell:
        return found
    rng = np.random.default_rng(0)
    douts = [rng.normal(size=a.shape).astype(dtype) for a in (ours[:1] if tokens else ours)]
    scratch.zero_grad()
    concise.zero_grad()
    dins = _arrays(scratch.backward(douts[0], *_state(douts[1:])))
    sum((b * torch.from_numpy(d)).sum() for b, d in zip(theirs, douts, strict=False)).backward()
    if not tokens:
        inputs = zip(["x", "상태 h", "상태 c"], dins, [tx, *tstarts], strict=False)
        found += [(f"기울기 {n}", a, b.grad.numpy()) for n, a, b in inputs]
    return found + [(f"기울기 {n}", scratch.grads[n], p.grad.numpy())
                    for n, p in concise.named_parameters()]


def _arrays(value):
    """겹친 튜플을 펴서 배열의 리스트로 만든다."""
    if isinstance(value, (tuple, list)):
        return [array for part in value for array in _arrays(part)]
    return [] if value is None else [value]


def _state(parts):
    """배열의 리스트를 상태 인자로 만든다. 없으면 인자를 빼고, 둘이면 튜플로 묶는다."""
    return [parts[0] if len(parts) == 1 else tuple(parts)] if parts else []
