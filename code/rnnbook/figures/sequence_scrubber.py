"""시퀀스 탐색기: 성분 하나의 상태를 글 위에 색으로 칠하고, 시점을 옮기며 본다."""

import base64
import html

import numpy as np

from .figure import SOFT, Figure, drawing, path, text

POSITIVE = "light-dark(#8fa9ea,#3d5396)"
NEGATIVE = "light-dark(#f2b083,#8a4b1f)"
INLINE = 24_000          # 값이 이보다 많으면 페이지와 따로 두고, 그림에 손이 닿을 때 읽는다
SHADES = 8


class SequenceScrubber(Figure):
    """글과, 글자를 하나 읽을 때마다의 상태.

    text: 글자 하나가 한 시점인 str, 또는 토큰의 list. 길이 T.
    states: (T, H) 배열, 또는 {"셀 상태 c": (T, H) 배열, …}. 이름은 고르는 단추가 된다.
    unit: 처음 보일 성분의 번호. units: 담을 성분의 번호들(없으면 모두). note: 그림 아래의 한마디.
    글이 비었거나 모양이 다르거나 값이 유한하지 않거나 없는 성분이면 ValueError.
    """

    stem = "sequence_scrubber"

    def __init__(self, text, states, unit=0, units=None, note=None):
        self.tokens = list(text)
        if not self.tokens:
            raise ValueError("글이 비었습니다: 한 글자 이상이어야 합니다")
        named = states if isinstance(states, dict) else {"상태": states}
        self.states = {name: np.asarray(values, dtype=np.float64) for name, values in named.items()}
        for name, values in self.states.items():
            if values.ndim != 2 or len(values) != len(self.tokens):
                raise ValueError(f"{name}의 모양은 ({len(self.tokens)}, H)여야 합니다: "
                                 f"받은 모양 {values.shape}")
            if not np.isfinite(values).all():
                raise ValueError(f"{name}에 유한하지 않은 값이 있습니다")
        width = min(values.shape[1] for values in self.states.values())
        self.units = list(range(width)) if units is None else [int(k) for k in units]
        if unit not in self.units or not all(0 <= k < width for k in self.units):
            raise ValueError(f"units는 0 이상 {width} 미만의 번호들이고 unit은 그 가운데 하나여야 "
                             f"합니다: 받은 값 {units=}, {unit=}")
        self.unit, self.note = int(unit), note or ""

    def __repr__(self):
        return (f"SequenceScrubber({len(self.tokens)}시점, 성분 {len(self.units)}개, "
                f"{', '.join(self.states)})")

    def scales(self):
        """채널과 성분마다 가장 짙은 색이 될 값: 가장 큰 절댓값. 늘 0과 1 사이인 게이트는 1."""
        return {name: [1.0] * len(self.units) if is_gate(values) else
                [float(f"{abs(values[:, k]).max() or 1.0:.4g}") for k in self.units]
                for name, values in self.states.items()}

    def numbers(self):
        """채널 · 성분 · 시점 차례의 int8. 값 = 정수 / 127 × 그 성분의 scale."""
        parts = []
        for values, scales in zip(self.states.values(), self.scales().values(), strict=True):
            shares = values[:, self.units].T / np.array(scales)[:, None]
            parts.append(np.clip(np.rint(shares * 127), -127, 127).astype(np.int8))
        return np.stack(parts)

    def payload(self):
        numbers = self.numbers()
        return numbers.tobytes() if numbers.size > INLINE else None

    def settings(self):
        numbers, place = self.numbers(), self.units.index(self.unit)
        at = int(np.abs(numbers[0, place].astype(int)).argmax())     # 가장 센 곳에서 시작한다
        parts = [numbers] if numbers.size <= INLINE else [numbers[0, place], numbers[0, :, at]]
        return {"tokens": self.tokens, "units": self.units, "unit": self.unit, "at": at,
                "channels": [[name, scale] for name, scale in self.scales().items()],
                "inline": base64.b64encode(b"".join(part.tobytes() for part in parts)).decode(),
                "note": self.note}

    def svg(self):
        name, place = next(iter(self.states)), self.units.index(self.unit)
        shares = self.numbers()[0, place] / 127
        step, tall, right = 17, 27, 650
        x, y, paint, words = 8, 34, {}, []
        for token, share in zip(self.tokens, shares, strict=True):
            width = step * max(1, len(token)) * (0.5 if token in " .,!?“”‘’" else 1)
            if token == "\n" or x + width > right:
                x, y = 8, y + tall
            if token == "\n":
                continue
            shade = round(SHADES * share)
            if shade:
                paint.setdefault(shade, []).append(f"M{x:g} {y}h{width:g}v22h-{width:g}z")
            if token != " ":
                words.append(f'<tspan x="{x + 1:g}" y="{y + 16}">{html.escape(token)}</tspan>')
            x += width
        label = f"{name}, 성분 {self.unit}번: 푸르면 양수, 주황이면 음수"
        painted = [f'<g opacity="{abs(shade) / SHADES:g}">{cells}</g>' for shade, cells in (
            (shade, path("".join(d), stroke="none", fill=POSITIVE if shade > 0 else NEGATIVE))
            for shade, d in sorted(paint.items()))]
        return drawing(666, y + tall + 6, f"글자마다 칠한 {label}",
                       text(8, 18, html.escape(label), size=13, fill=SOFT), *painted,
                       text(0, 0, "".join(words), size=15))


def is_gate(values):
    """모두 0과 1 사이인가?"""
    return values.min() >= 0 and values.max() <= 1
