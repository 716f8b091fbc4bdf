"""다리: 밑바닥과 간결한 구현을 잇는다. 둘을 함께 아는 유일한 모듈."""

import numpy as np
import torch


def copy_weights(concise, scratch):
    """torch 모듈의 매개변수를 같은 이름의 NumPy 모듈에 복사한다. 이름도 축도 바꾸지 않는다."""
    scratch.load_state_dict({k: v.detach().numpy() for k, v in concise.state_dict().items()})


def agree(scratch, concise, x, *, atol=None):
    """같은 입력에 같은 출력, 상태, 기울기를 내는지 보고 판정을 찍는다. 모두 같으면 True.

    차이의 크기는 기계마다 다르므로 찍지 않는다. atol은 float64에서 1e-10, float32에서 1e-4이다.
    """
    dtype = next(iter(scratch.params.values())).dtype
    atol = atol or (1e-10 if dtype == np.float64 else 1e-4)
    x = np.asarray(x)
    real = x.dtype.kind == "f"
    x = x.astype(dtype) if real else x
    tx = torch.tensor(x, requires_grad=real)
    ours, theirs = _flat(scratch(x)), _flat(concise(tx))
    names = ["출력", *(f"상태 {n}" for n in "hc")] if len(ours) > 1 else ["출력"]
    verdicts = [_verdict(n, a, b.detach().numpy(), atol)
                for n, a, b in zip(names, ours, theirs, strict=False)]
    weights = np.random.default_rng(0).normal(size=ours[0].shape).astype(dtype)
    scratch.zero_grad()
    concise.zero_grad()
    dx = scratch.backward(weights)
    (theirs[0] * torch.from_numpy(weights)).sum().backward()
    if real:
        verdicts.append(_verdict("기울기 x", _flat(dx)[0], tx.grad.numpy(), atol))
    verdicts += [_verdict(f"기울기 {n}", scratch.grads[n], p.grad.numpy(), atol)
                 for n, p in concise.named_parameters()]
    return all(verdicts)


def _flat(value):
    return [a for v in value for a in _flat(v)] if isinstance(value, (tuple, list)) else [value]


def _verdict(name, a, b, atol):
    same = a.shape == b.shape and np.allclose(a, b, rtol=0, atol=atol)
    print(f"{name} {a.shape}: {'일치' if same else '불일치'}")
    return same
