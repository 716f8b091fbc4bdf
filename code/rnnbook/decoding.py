"""디코더가 답을 찾는 방법: 탐욕 탐색과 빔 탐색.

장: chapters/seq2seq
모양 기호: N 입력의 수, K 빔의 너비, V 어휘의 크기,
          R 한꺼번에 쓰는 줄의 수(탐욕 탐색 N, 빔 탐색 N·K)

탐색은 모형을 모른다. 디코더를 한 시점 움직이는 함수만 받는다.

    step(tokens, rows, state) -> log_probs, state

tokens (R,)는 앞 시점의 토큰이고, rows (R,)는 그 토큰이 앞 시점의
몇 번째 줄에 이어지는지를 말한다. None이면 줄의 순서가 그대로다.
log_probs (R, V)는 NumPy 배열이다.
"""

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.text_pairs import BOS, EOS


def greedy(step, state, batch_size, max_steps):
    """탐욕 탐색: 시점마다 확률이 가장 높은 토큰을 고른다.

    N줄을 한꺼번에 쓴다. 답마다 <eos> 앞까지의 번호를
    리스트로 돌려주고, max_steps 안에 끝나지 않은 답은 거기서 자른다.
    max_steps가 1보다 작으면 ValueError, 정수가 아니면 TypeError.
    """
    check_search(max_steps)
    tokens, written = np.full(batch_size, BOS), []
    over = np.zeros(batch_size, bool)
    for _ in range(max_steps):
        log_probs, state = step(tokens, None, state)
        tokens = log_probs.argmax(axis=1)
        written.append(tokens)
        over |= tokens == EOS
        if over.all():
            break
    return [until_eos(row) for row in np.transpose(written).tolist()]


def beam_search(step, state, batch_size, max_steps, *, width,
                alpha=1.0):
    """빔 탐색: 시점마다 점수가 높은 width개를 남긴다.

    끝난 답의 점수는 로그 확률의 합을 길이^alpha로 나눈 값이다.
    나누지 않으면(alpha=0) 짧은 답이 유리하다. 길이에는 <eos>도
    들어간다. max_steps 안에 끝나지 않은 답은 거기서 잘라 <eos>의
    확률 없이 겨룬다. state에는 입력마다 width줄이 이어져 있어야 한다.
    번호의 리스트 N개와 점수 (N,)를 돌려준다.
    max_steps나 width가 정수가 아니면 TypeError, 값이 범위를
    벗어나면 ValueError.
    출처: Sutskever, Vinyals & Le (2014), Wu et al. (2016).
    Wu 등이 끝에 고른 식은 ((5 + 길이) / 6)^alpha이다.
    """
    check_search(max_steps, width, alpha)
    N, K, every = batch_size, width, np.arange(batch_size)[:, None]
    scores = np.where(np.arange(K) > 0, -np.inf, np.zeros((N, 1)))
    tokens, rows = np.full((N, K), BOS), None
    paths = np.empty((N, K, 0), int)
    best, answers = np.full(N, -np.inf), [[] for _ in range(N)]
    for t in range(1, max_steps + 1):
        log_probs, state = step(tokens.ravel(), rows, state)
        V = log_probs.shape[1]
        total = scores[:, :, None] + log_probs.reshape(N, K, V)
        total = total.reshape(N, -1)
        top = np.argsort(-total, axis=1, kind="stable")[:, :K]
        scores, (came, tokens) = total[every, top], divmod(top, V)
        rows = (every * K + came).ravel()
        paths = np.concatenate([paths[every, came],
                                tokens[:, :, None]], axis=2)
        over = (tokens == EOS) | (t == max_steps)
        for n, k in np.argwhere(over):
            if scores[n, k] / t**alpha > best[n]:
                best[n] = scores[n, k] / t**alpha
                answers[n] = until_eos(paths[n, k].tolist())
        scores[over] = -np.inf
        # 이어 쓰면 확률은 줄고 길이는 max_steps까지만 는다
        if (scores.max(axis=1) / max_steps**alpha <= best).all():
            break
    return answers, best


def until_eos(ids):
    """<eos> 앞까지의 번호."""
    return ids[:ids.index(EOS)] if EOS in ids else ids


def check_search(max_steps, width=1, alpha=0.0):
    """탐색에 쓰는 인자를 검사한다.

    max_steps나 width가 정수가 아니면 TypeError, 값이 범위를
    벗어나면 ValueError.
    """
    check_counts(max_steps=max_steps, width=width)
    if not 0 <= alpha < float("inf"):
        raise ValueError(
            "alpha는 0 이상의 유한한 수여야 합니다: "
            f"받은 값 {alpha}"
        )
