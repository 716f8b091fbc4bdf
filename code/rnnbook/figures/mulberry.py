"""파이썬과 자바스크립트가 똑같이 내는 난수: mulberry32 (kit.mjs의 mulberry와 한 쌍)."""


def mulberry(seed):
    """0 이상 1 미만의 균등 난수를 하나씩 내는 함수를 돌려준다."""
    mask = 0xFFFFFFFF
    state = seed & mask

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t = ((t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask) ^ t
        return ((t ^ (t >> 14)) & mask) / 4294967296

    return draw
