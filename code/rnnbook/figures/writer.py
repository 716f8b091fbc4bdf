"""글 쓰는 LSTM: 이 책의 음절 언어 모형이 독자의 첫머리를 이어 쓴다."""

import html
from pathlib import Path

from rnnbook import pretrained

from .figure import COLORS, INK, SOFT, Figure, drawing, path, text

GATES = {"f": "망각 게이트", "i": "입력 게이트", "o": "출력 게이트"}
SHADES = 8
COLUMNS, ROWS = 32, 12       # 움직이지 않는 그림에 담을 글자와 성분


class Writer(Figure):
    """첫머리를 적고 온도를 고르면 글을 잇는다. 글자마다 게이트가 어떻게 여닫히는지 함께 보인다.

    prompt: 처음 적혀 있을 첫머리. temperature: 처음 온도(0이면 늘 가장 그럴듯한 글자).
    model: 모형 파일의 경로, 또는 vocab과 함께 주는 한 층짜리 LSTM RNNLM. 없으면 책에 든 모형.
    seed: 글자를 고르는 난수의 시드. 다시 쓸 때마다 1씩 커진다.
    temperature가 음수이면 ValueError, 모형 파일이 없으면 FileNotFoundError.
    """

    stem = "writer"

    def __init__(self, prompt="옛날 어느 마을에", temperature=0.7, *, model=None, vocab=None,
                 seed=1):
        if not temperature >= 0:
            raise ValueError(f"temperature는 0 이상이어야 합니다: 받은 값 {temperature}")
        self.prompt, self.temperature, self.seed = prompt, float(temperature), int(seed)
        if vocab is not None:
            self.data = pretrained.pack(model, vocab, {})
        else:
            file = Path(model or pretrained.SHIPPED)
            if not file.is_file():
                raise FileNotFoundError(f"모형 파일이 없습니다: {file}. " + (
                    "경로를 확인하십시오" if model else
                    "페이지의 코드 칸에는 이 파일이 없으니 Jupyter나 Colab에서 실행하십시오"))
            self.data = file.read_bytes()
        pretrained.split(self.data)

    def __repr__(self):
        return f"Writer(prompt={self.prompt!r}, temperature={self.temperature:g})"

    def payload(self):
        return self.data

    def settings(self):
        return {"prompt": self.prompt, "temperature": self.temperature, "seed": self.seed,
                "bytes": len(self.data)}

    def sample(self):
        """온도 0으로 이어 쓴 글(첫머리 포함)과 글자마다의 게이트 {"f": (T, H), …}."""
        model, vocab = pretrained.unpack(self.data)
        ids = vocab.encode(list("\n" + self.prompt)[:COLUMNS + 1])
        ids += model.generate(ids, COLUMNS + 1 - len(ids), temperature=0)
        traced = pretrained.trace(model, ids)
        return "".join(vocab.decode(ids))[1:], {gate: traced[gate][1:] for gate in GATES}

    def svg(self):
        letters, gates = self.sample()
        units = rows(pretrained.split(self.data)[0])
        units = [units[k * len(units) // ROWS] for k in range(min(ROWS, len(units)))]
        left, step, tall = 62, 18, 5
        parts = [text(8, 18, "첫머리를 이어 쓰는 LSTM. 진할수록 열린 게이트", size=13, fill=SOFT)]
        parts += [text(left + step * (n + 0.5), 46, html.escape(letter), size=14, anchor="middle",
                       fill=COLORS["o"] if n < len(self.prompt) else INK)
                  for n, letter in enumerate(letters) if letter not in " \n"]
        for place, (gate, name) in enumerate(GATES.items()):
            top, paint = 58 + place * (ROWS * tall + 12), {}
            for n, opened in enumerate(gates[gate][:, units]):
                for k, share in enumerate(opened):
                    if shade := round(SHADES * float(share)):
                        paint.setdefault(shade, []).append(
                            f"M{left + step * n} {top + tall * k}h{step - 1}v{tall}h-{step - 1}z")
            parts.append(text(8, top + 36, name.split()[0], size=14, fill=COLORS[gate], weight=600))
            parts += [f'<g opacity="{shade / SHADES:g}">'
                      + path("".join(d), stroke="none", fill=COLORS[gate]) + "</g>"
                      for shade, d in sorted(paint.items())]
        return drawing(648, 58 + 3 * (ROWS * tall + 12), f"LSTM이 이어 쓴 글: {letters}", *parts)


def rows(header):
    """띠로 보일 성분의 번호: 파일이 고른 것, 없으면 앞의 것부터."""
    return header["about"].get("units") or list(range(min(24, header["model"]["hidden_size"])))
