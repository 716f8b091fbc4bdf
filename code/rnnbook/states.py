"""순환층의 상태: h 하나이거나 (h, c)의 튜플이다.

장: chapters/seq2seq
상태의 모양은 (층, N, H)이다. 배열이든 텐서든 다루는 방법이 같다.
"""


def hidden(state):
    """상태 h나 (h, c)에서 h를 꺼낸다."""
    return state[0] if isinstance(state, tuple) else state


def pick(state, rows):
    """배치에서 고른 줄들의 상태. rows가 None이면 그대로."""
    if rows is None:
        return state
    if isinstance(state, tuple):
        return tuple(part[:, rows] for part in state)
    return state[:, rows]
