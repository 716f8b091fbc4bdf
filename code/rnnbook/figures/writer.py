"""살아 있는 작가: 이 책에서 학습한 음절 LSTM이 독자의 첫머리를 이어 쓴다."""

import html
import json
import struct
from pathlib import Path

import numpy as np

from .figure import COLORS, INK, SOFT, Figure, drawing, text

MODEL = Path(__file__).parents[1] / "data" / "writer.rnn"
MAGIC = b"RNN1"


def pack(header, tensors):
    """모형 하나를 바이트로: 표식, 머리 길이, JSON 머리, 날것의 텐서. 코드는 담지 않는다.

    행렬은 행마다 scale 하나와 int8로, 벡터는 float32로 적는다.
    """
    places, blobs, at = [], [], 0
    for name, value in tensors.items():
        value = np.asarray(value, dtype=np.float32)
        pieces = [("f", value)]
        if value.ndim == 2:
            scale = np.abs(value).max(axis=1, keepdims=True) / 127
            scale[scale == 0] = 1
            pieces = [("s", scale[:, 0]), ("q", np.rint(value / scale).astype(np.int8))]
        for kind, piece in pieces:
            blob = piece.tobytes()
            blob += bytes(-len(blob) % 4)
            places.append([name, kind, at, list(piece.shape)])
            blobs.append(blob)
            at += len(blob)
    top = json.dumps({**header, "tensors": places}, ensure_ascii=False).encode()
    top += b" " * (-len(top) % 4)
    return b"".join([MAGIC, struct.pack("<I", len(top)), top, *blobs])


def unpack(data):
    """pack의 반대: (머리, {이름: float32 배열})."""
    if data[:4] != MAGIC:
        raise ValueError(f"글짓기 모형 파일이 아닙니다: 첫 네 바이트가 {data[:4]!r}")
    (length,) = struct.unpack("<I", data[4:8])
    header, start = json.loads(data[8 : 8 + length]), 8 + length
    tensors = {}
    for name, kind, at, shape in header["tensors"]:
        dtype = np.int8 if kind == "q" else np.float32
        flat = np.frombuffer(data, dtype, int(np.prod(shape)), start + at)
        if kind == "q":
            tensors[name] = flat.reshape(shape) * tensors[name][:, None]
        else:
            tensors[name] = flat.reshape(shape)
    return header, tensors


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step(weights, token, h, c):
    """토큰 하나를 읽는다: 게이트 {i, f, g, o}, 새 h와 c, 다음 토큰의 로짓."""
    a = (weights["weight_ih"] @ weights["embedding"][token] + weights["weight_hh"] @ h
         + weights["bias"])
    i, f, g, o = np.split(a, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return {"i": i, "f": f, "g": g, "o": o}, h, c, weights["head"] @ h + weights["head_bias"]


class Writer(Figure):
    """첫머리를 적고 온도를 고르면 글을 잇는다. 글자마다 게이트가 어떻게 여닫히는지 함께 보인다.

    prompt: 처음 적혀 있을 첫머리. temperature: 처음 온도(0이면 늘 가장 그럴듯한 글자).
    model: 모형 파일. 없으면 책에 든 것을 쓴다.
    """

    stem = "writer"

    def __init__(self, prompt="옛날 어느 마을에", temperature=0.7, *, model=None):
        if not temperature >= 0:
            raise ValueError(f"temperature는 0 이상이어야 합니다: 받은 값 {temperature}")
        if not prompt:
            raise ValueError("prompt가 비어 있습니다: 글자가 하나는 있어야 합니다")
        self.prompt, self.temperature = prompt, float(temperature)
        self.path = Path(model or MODEL)
        if not self.path.is_file():
            raise FileNotFoundError(f"글짓기 모형이 없습니다: {self.path.name}. 이 그림은 "
                                    "셀이 아니라 책의 페이지나 내 컴퓨터에서 움직입니다")

    def __repr__(self):
        return f"Writer(prompt={self.prompt!r}, temperature={self.temperature:g})"

    def payload(self):
        return self.path.read_bytes()

    def settings(self):
        return {"prompt": self.prompt, "temperature": self.temperature,
                "bytes": self.path.stat().st_size}

    def sample(self, count):
        """온도 0으로 이어 쓴 글자들과, 글자마다의 게이트. 움직이지 않는 그림에 쓴다."""
        header, weights = unpack(self.payload())
        ids = {token: n for n, token in enumerate(header["vocab"])}
        h = c = np.zeros(header["hidden"], dtype=np.float32)
        letters, strip = list(self.prompt), []
        for n in range(len(self.prompt) + count):
            gates, h, c, logits = step(weights, ids.get(letters[n], header["unk"]), h, c)
            strip.append(gates)
            if n == len(letters) - 1:
                logits[header["unk"]] = -np.inf
                letters.append(header["vocab"][int(logits.argmax())])
        return letters[: len(strip)], strip, header["units"]

    def svg(self):
        letters, strip, units = self.sample(32 - min(16, len(self.prompt)))
        letters, strip, step_x = letters[-32:], strip[-32:], 19
        parts = [text(10, 20, "첫머리를 이어 쓰는 LSTM과 그 게이트", size=13, fill=SOFT)]
        for row, (gate, name) in enumerate((("f", "망각"), ("i", "입력"), ("o", "출력"))):
            y = 64 + 74 * row
            parts.append(text(10, y + 34, name, size=13, fill=COLORS[gate]))
            cells = [f'<rect x="{50 + step_x * n}" y="{y + 5 * k}" width="{step_x - 1}" height="5" '
                     f'opacity="{gates[gate][unit]:.2f}"/>'
                     for n, gates in enumerate(strip) for k, unit in enumerate(units[:12])]
            parts.append(f'<g style="fill:{COLORS[gate]}">{"".join(cells)}</g>')
        parts += [text(50 + step_x * (n + 0.5), 50, html.escape(letter), size=15, anchor="middle",
                       fill=INK) for n, letter in enumerate(letters) if letter not in " \n"]
        return drawing(670, 284, f"LSTM이 이어 쓴 글: {''.join(letters)}", *parts)
