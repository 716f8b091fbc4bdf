"""시퀀스 훑개: 유닛 하나의 상태를 문장 위에 색으로 칠하고, 시점을 옮기며 본다."""

import html

import numpy as np

from .figure import SOFT, Figure, drawing, text

POSITIVE = "light-dark(#8fa9ea,#3d5396)"
NEGATIVE = "light-dark(#f2b083,#8a4b1f)"


class SequenceScrubber(Figure):
    """문장과, 글자를 하나 읽을 때마다의 상태.

    tokens: 글자마다 한 시점인 str, 또는 토큰의 list. 길이 T.
    states: (T, H) 배열, 또는 {"이름": (T, H) 배열}. 이름은 고르는 단추가 된다.
    unit: 처음 보일 유닛. units: 담을 유닛의 번호들(없으면 모두). note: 그림 아래의 한마디.
    """

    stem = "sequence_scrubber"

    def __init__(self, tokens, states, *, unit=0, units=None, note=""):
        self.tokens = list(tokens)
        named = states if isinstance(states, dict) else {"상태": states}
        self.states = {name: np.asarray(values, dtype=np.float64) for name, values in named.items()}
        for name, values in self.states.items():
            if values.ndim != 2 or len(values) != len(self.tokens):
                raise ValueError(f"{name}의 모양은 ({len(self.tokens)}, H)여야 합니다: "
                                 f"받은 모양 {values.shape}")
        width = min(values.shape[1] for values in self.states.values())
        self.units = list(range(width)) if units is None else [int(k) for k in units]
        if unit not in self.units or not all(0 <= k < width for k in self.units):
            raise ValueError(f"유닛은 0 이상 {width} 미만이고 그 안에 unit이 있어야 합니다: "
                             f"받은 unit {unit}")
        self.unit, self.note = int(unit), note

    def __repr__(self):
        return (f"SequenceScrubber({len(self.tokens)}시점, 유닛 {len(self.units)}개, "
                f"{', '.join(self.states)})")

    def scales(self):
        """채널과 유닛마다 가장 큰 절댓값. 이 값이 가장 짙은 색이 된다."""
        return {name: [float(f"{abs(values[:, k]).max() or 1.0:.6g}") for k in self.units]
                for name, values in self.states.items()}

    def payload(self):
        """채널 · 유닛 · 시점 차례의 int8. 값 = 정수 / 127 * 그 유닛의 scale."""
        parts = []
        for values, scales in zip(self.states.values(), self.scales().values(), strict=True):
            shares = values[:, self.units].T / np.array(scales)[:, None]
            parts.append(np.clip(np.rint(shares * 127), -127, 127).astype(np.int8).tobytes())
        return b"".join(parts)

    def settings(self):
        return {"tokens": self.tokens, "units": self.units, "unit": self.unit, "note": self.note,
                "channels": [[name, scale] for name, scale in self.scales().items()]}

    def svg(self):
        name, values = next(iter(self.states.items()))
        track, scale = values[:, self.unit], self.scales()[name][self.units.index(self.unit)]
        step, tall = max(19, 4 + 15 * max(map(len, self.tokens))), 30
        columns = max(1, 646 // step)
        rows, column = [[]], 0
        for token, value in zip(self.tokens, track, strict=True):
            if token == "\n" or column >= columns:
                rows.append([])
                column = 0
            if token != "\n":
                rows[-1].append((html.escape(token), value / scale))
                column += 1
        paint, words = {POSITIVE: [], NEGATIVE: []}, []
        for row, cells in enumerate(rows):
            y = 34 + tall * row
            for n, (_, share) in enumerate(cells):
                paint[POSITIVE if share >= 0 else NEGATIVE].append(
                    f'<rect x="{10 + step * n}" y="{y}" width="{step}" height="24" '
                    f'opacity="{abs(share):.2f}"/>')
            spans = (f'<tspan x="{12 + step * n}">{token}</tspan>'
                     for n, (token, _) in enumerate(cells) if token != " ")
            words.append(text(0, y + 17, "".join(spans), size=15))
        label = f"{name}, 유닛 {self.unit}: 푸르면 양수, 붉으면 음수"
        painted = [f'<g style="fill:{color}">{"".join(rects)}</g>'
                   for color, rects in paint.items()]
        return drawing(666, 34 + tall * len(rows), f"문장의 글자마다 칠한 {label}",
                       text(10, 20, label, size=13, fill=SOFT), *painted, *words)
