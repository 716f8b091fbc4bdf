"""학습한 언어 모형을 작은 파일 하나에 저장하고 불러온다. 글 쓰는 LSTM 그림도 이 파일을 읽는다.

    model, vocab = load()                     # 책에 든 모형
    save("나의 모형.rnn", model, vocab, {"command": "…"})

피클과 달리 파일에 실행할 코드가 없고 수만 있다. 순서는 다음과 같다.

    "RNNBOOK1"(8바이트) · 머리글의 길이(uint32) · 머리글(JSON) · 수(zlib로 압축)

수는 모두 리틀 엔디언이고 실수(float32)를 앞에, 정수(int8)를 뒤에 모은다. 가중치 행렬은
행마다 눈금 하나와 -23~23의 정수로 적고(값 = 눈금 × 정수), 편향은 실수 그대로 적는다.
"""

import json
import zlib
from pathlib import Path

import numpy as np

from rnnbook.scratch.functions import sigmoid
from rnnbook.scratch.lstm import LSTM
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.text import Vocab

SHIPPED = Path(__file__).parent / "data" / "writer.rnn"
MAGIC = b"RNNBOOK1"
LEVELS = 23          # 정수는 -23~23: 6비트보다 작다
SHRINK = np.linspace(1.0, 0.6, 17, dtype=np.float32)


def save(path, model, vocab, about):
    """모형과 어휘를 파일에 저장한다. about에는 만든 과정을 dict로 적는다."""
    Path(path).write_bytes(pack(model, vocab, about))


def load(path=None):
    """파일에서 (RNNLM, Vocab)을 불러온다. path가 없으면 책에 든 모형을 불러온다."""
    return unpack(_read(path))


def about(path=None):
    """머리글에 적힌 만든 과정: 명령, 글의 해시, 에포크, 검증 자료의 글자당 비트."""
    return split(_read(path))[0]["about"]


def _read(path):
    path = Path(path or SHIPPED)
    if not path.is_file():
        raise FileNotFoundError(f"모형 파일이 없습니다: {path}")
    return path.read_bytes()


def pack(model, vocab, about):
    """모형과 어휘 -> 파일의 내용(bytes)."""
    sizes = {"vocab_size": model.vocab_size, "embed_size": model.embedding.weight.shape[1],
             "hidden_size": model.rnn.hidden_size, "num_layers": model.rnn.num_layers}
    arrays, reals, integers = [], [], []
    for name, value in model.params.items():
        arrays.append([name, list(value.shape)])
        if value.ndim == 1:
            reals.append(value)
        else:
            scale, q = quantise(value)
            reals.append(scale)
            integers.append(q)
    header = {"model": sizes, "arrays": arrays, "vocab": vocab.to_dict(), "about": about}
    words = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    numbers = [*(r.astype("<f4").tobytes() for r in reals), *(q.tobytes() for q in integers)]
    length = len(words).to_bytes(4, "little")
    return MAGIC + length + words + zlib.compress(b"".join(numbers), 9)


def unpack(data):
    """파일의 내용(bytes) -> (RNNLM, Vocab). 가중치는 float32로 구한 눈금 × 정수다.

    모형 파일이 아니거나 온전하지 않으면 ValueError.
    """
    header, body = split(data)
    vocab = Vocab.from_dict(header["vocab"])
    model = RNNLM(**header["model"], rng=np.random.default_rng(0))
    arrays = header["arrays"]
    reals = sum(shape[0] for _, shape in arrays)
    wanted = 4 * reals + sum(int(np.prod(shape)) for _, shape in arrays if len(shape) == 2)
    if len(vocab) != model.vocab_size:
        raise ValueError("모형 파일이 온전하지 않습니다: "
                         f"어휘는 토큰 {model.vocab_size}개여야 하는데 {len(vocab)}개입니다")
    if len(body) != wanted:
        raise ValueError(f"모형 파일이 온전하지 않습니다: 가중치가 {wanted}바이트여야 하는데 "
                         f"{len(body)}바이트입니다")
    f4, i1 = np.frombuffer(body, "<f4", reals), np.frombuffer(body, "i1", offset=4 * reals)
    state = {}
    for name, shape in arrays:
        value, f4 = f4[:shape[0]], f4[shape[0]:]
        if len(shape) == 2:
            q, i1 = i1[:shape[0] * shape[1]].reshape(shape), i1[shape[0] * shape[1]:]
            value = value[:, None] * q
        state[name] = value
    model.load_state_dict(state)
    return model.eval(), vocab


def split(data):
    """파일의 내용(bytes) -> 머리글(dict), 압축을 푼 수(bytes).

    모형 파일이 아니거나 온전하지 않으면 ValueError.
    """
    if data[:8] != MAGIC:
        raise ValueError("rnnbook의 모형 파일이 아닙니다: "
                         f"처음 8바이트는 {MAGIC!r}이어야 하는데 {bytes(data[:8])!r}입니다")
    end = 12 + int.from_bytes(data[8:12], "little")
    try:
        return json.loads(data[12:end].decode()), zlib.decompress(data[end:])
    except (ValueError, zlib.error) as error:
        raise ValueError(f"모형 파일이 온전하지 않습니다: {error}") from None


def quantise(matrix):
    """행렬 (R, C) -> 행마다의 눈금 (R,) float32, 정수 (R, C) int8.

    눈금은 가장 큰 값에 맞춘 것부터 조금씩 줄여 보며 제곱 오차가 가장 작은 것을 고른다.
    """
    top = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / LEVELS
    best, scale = np.full((len(matrix), 1), np.inf), top
    for share in SHRINK:
        step = (top * share).astype(np.float32)
        error = ((round_to(matrix, step) * step - matrix) ** 2).sum(axis=1, keepdims=True)
        scale = np.where(error < best, step, scale)
        best = np.minimum(error, best)
    return scale[:, 0], round_to(matrix, scale).astype(np.int8)


def round_to(matrix, step):
    """step의 몇 배에 가장 가까운지를 -LEVELS~LEVELS의 정수로 나타낸다."""
    return np.clip(np.rint(matrix / step), -LEVELS, LEVELS)


def trace(model, ids):
    """층이 하나인 LSTM이 ids를 읽는 동안의 게이트 i f o, 후보 g, 상태 c h. {이름: (T, H)}

    한 층짜리 LSTM이 아니면 ValueError.
    """
    if type(model.rnn) is not LSTM or model.rnn.num_layers != 1:
        raise ValueError("층이 하나인 LSTM의 게이트만 볼 수 있습니다: "
                         f"받은 것 {type(model.rnn).__name__}, {model.rnn.num_layers}층")
    w_ih, w_hh, b_ih, b_hh = (model.params[f"rnn.{name}_l0"] for name in
                              ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = np.zeros(model.rnn.hidden_size, w_hh.dtype)
    rows = []
    for a in model.embedding.weight[list(ids)] @ w_ih.T + b_ih + b_hh:
        i, f, g, o = np.split(a + w_hh @ h, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        rows.append((i, f, g, o, c, h))
    return dict(zip("ifgoch", map(np.array, zip(*rows, strict=True)), strict=True))
