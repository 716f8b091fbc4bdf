"""덧셈식을 읽고 합을 쓴다: '16+75  ' -> '_91  '.

Zaremba & Sutskever (2014)의 덧셈을 줄인 것이다.

출처: 사이토 고키 (2019), 7장
"""

from rnnbook.tasks.pairs import split

START, BLANK = "_", " "


def write(a, b, digits=3):
    """a + b를 적은 식과 답. 빈칸으로 길이를 맞춘다.

    식의 길이는 2·digits + 1이다. 답은 '_'로 시작하고 길이는
    digits + 2다. 음수이거나 digits자리를 넘으면 ValueError.
    """
    for number in (a, b):
        if not 0 <= number < 10**digits:
            raise ValueError(
                f"더할 수는 0 이상 {digits}자리 이하여야 합니다: "
                f"받은 값 {number}"
            )
    question = f"{a}+{b}".ljust(2 * digits + 1, BLANK)
    return question, START + str(a + b).ljust(digits + 1, BLANK)


def pairs(train, test, *, rng, digits=3):
    """(덧셈식, 합)의 짝.

    자릿수는 1부터 digits까지에서, 각 자리는 0부터 9까지에서
    고르게 뽑되 이미 뽑은 문제는 버린다. 16+75와 75+16은 같은
    문제로 본다. digits가 1과 9 사이가 아니면 ValueError.
    """
    if not 1 <= digits <= 9:
        raise ValueError(
            f"digits는 1 이상 9 이하여야 합니다: 받은 값 {digits}"
        )

    def number():
        length = int(rng.integers(1, digits + 1))
        return int(rng.integers(10**length))

    def draw():
        return tuple(sorted((number(), number())))

    def turn(problem):
        a, b = problem if rng.integers(2) else problem[::-1]
        return write(a, b, digits)

    total = 10**digits * (10**digits + 1) // 2
    return split(draw, turn, train, test, rng=rng, total=total)
