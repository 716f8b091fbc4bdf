"""층: torch.nn의 층을 그대로 쓴다."""

from torch.nn import Dropout, Embedding, Linear

__all__ = ["Dropout", "Embedding", "Linear"]
