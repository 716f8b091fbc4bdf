"""순환 신경망과 시퀀스 모형: NumPy 구현(scratch)과 PyTorch 구현(concise)."""

__version__ = "0.1.0"
