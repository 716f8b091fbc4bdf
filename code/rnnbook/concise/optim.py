"""옵티마이저: torch.optim의 옵티마이저를 그대로 쓴다."""

from torch.optim import SGD, Adam

__all__ = ["SGD", "Adam"]
