"""옵티마이저: torch의 것을 그대로 쓴다."""

from torch.optim import SGD, Adam

__all__ = ["SGD", "Adam"]
