"""길이가 다른 시퀀스를 배치로 묶는다: 패딩, 길이, 마스크.

배치는 (토큰, 답, 길이)이다. 짧은 시퀀스는 뒤를 채워 길이를
맞추고, 어디까지가 진짜인지는 길이로 알린다. 채운 자리의 답은
NO_ANSWER이며 손실에 넣지 않는다.

장: chapters/patterns
"""

from numbers import Integral

import numpy as np

from rnnbook.arguments import check_counts, check_rng
from rnnbook.language_models import Batches

NO_ANSWER = -1


def pad(sequences, fill=0):
    """시퀀스들의 뒤를 채워 배열 하나로 만든다.

    정수 시퀀스 N개, 각 (길이,)나 (길이, K)
    -> 배열 (N, T)나 (N, T, K), 길이 (N,)

    T는 가장 긴 시퀀스의 길이다. 시퀀스가 없거나 빈 시퀀스가
    있거나 모양이 서로 다르면 ValueError, 정수가 아니면 TypeError.
    """
    rows = [np.asarray(sequence) for sequence in sequences]
    if not rows or not all(row.size for row in rows):
        raise ValueError(
            "비어 있지 않은 시퀀스가 하나 이상이어야 합니다: "
            f"받은 모양 {[row.shape for row in rows]}"
        )
    shapes = {(row.ndim, row.shape[1:]): row.shape for row in rows}
    if len(shapes) > 1 or rows[0].ndim not in (1, 2):
        raise ValueError(
            "시퀀스의 모양은 모두 (길이,)이거나 모두 (길이, K)여야 "
            f"합니다: 받은 모양 {', '.join(map(str, shapes.values()))}"
        )
    kinds = {row.dtype for row in rows}
    if any(kind.kind not in "iu" for kind in kinds):
        names = ", ".join(sorted(map(str, kinds)))
        raise TypeError(
            f"시퀀스는 정수여야 합니다: 받은 자료형 {names}"
        )
    lengths = np.array([len(row) for row in rows])
    shape = len(rows), lengths.max(), *rows[0].shape[1:]
    padded = np.full(shape, fill, np.int64)
    for out, row in zip(padded, rows, strict=True):
        out[: len(row)] = row
    return padded, lengths


def valid_steps(lengths, num_steps):
    """채우지 않은 자리의 마스크: 길이 (N,) -> (N, T) bool."""
    return np.arange(num_steps) < np.asarray(lengths)[:, None]


def reversed_steps(lengths, num_steps):
    """시퀀스를 제 길이 안에서 뒤집는 인덱스.

    길이 (N,) -> 행 (N, 1), 열 (N, T). x[행, 열]이 뒤집은 것이고
    두 번 뒤집으면 처음으로 돌아온다. 음수는 뒤에서부터 세므로
    채운 자리는 저희끼리 뒤집힌다.
    """
    ends = np.asarray(lengths)[:, None]
    rows = np.arange(len(ends))[:, None]
    return rows, ends - 1 - np.arange(num_steps)


def bucketed_batches(sequences, answers, batch_size, *, rng=None):
    """길이가 비슷한 시퀀스끼리 묶은 배치.

    배치는 토큰 (N, T[, K]), 답, 길이 (N,)이다. 답은 시퀀스마다
    정수 하나이면 (N,), 토큰마다 하나이면 (N, T)이다. 길이가
    비슷하므로 채우는 자리가 적다. 에포크마다 길이가 같은 것의
    순서와 배치의 순서를 새로 섞으며, rng가 없으면 짧은 것부터
    차례로 낸다. 시퀀스와 답의 수가 다르거나 batch_size가 1보다
    작으면 ValueError, 정수가 아니거나 rng가 난수 생성기가 아니면
    TypeError.
    """
    check_counts(batch_size=batch_size)
    if rng is not None:
        check_rng(rng)
    if len(sequences) != len(answers) or not len(sequences):
        raise ValueError(
            "시퀀스와 답의 수가 같고 하나 이상이어야 합니다: "
            f"받은 수 {len(sequences)}, {len(answers)}"
        )
    lengths = np.array([len(sequence) for sequence in sequences])
    _check_answers(lengths, answers)
    starts = range(0, len(lengths), batch_size)

    def make():
        order, turns = np.arange(len(lengths)), list(starts)
        if rng is not None:
            rng.shuffle(order)
            rng.shuffle(turns)
        order = order[np.argsort(lengths[order], kind="stable")]
        for start in turns:
            rows = order[start : start + batch_size]
            tokens, sizes = pad([sequences[i] for i in rows])
            labels = _answers([answers[i] for i in rows])
            yield tokens, labels, sizes

    return Batches(make, len(starts))


def _answers(answers):
    """시퀀스마다 답이 하나이면 (N,), 토큰마다이면 (N, T)."""
    if np.ndim(answers[0]) == 0:
        return np.array(answers)
    return pad(answers, NO_ANSWER)[0]


def _check_answers(lengths, answers):
    """하나씩인 답이면 정수인지, 토큰마다면 수가 맞는지 검사한다."""
    single = np.ndim(answers[0]) == 0
    for i, length in enumerate(lengths):
        if single and not isinstance(answers[i], Integral):
            raise TypeError(
                "시퀀스마다 하나인 답은 정수여야 합니다: "
                f"받은 {i}번 답 {answers[i]!r}"
            )
        if not single and len(answers[i]) != length:
            raise ValueError(
                f"{i}번 시퀀스의 답은 {length}개여야 합니다: "
                f"받은 개수 {len(answers[i])}"
            )
