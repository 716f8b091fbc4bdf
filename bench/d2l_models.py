"""The scratch language models of Dive into Deep Learning, to compare with.

Written anew from the recipe of its chapters 9 and 10 (Zhang, Lipton, Li & Smola): one-hot inputs, a
Python loop over time, torch's autograd, weights drawn with deviation 0.01. For speed.py an
embedding can stand in for the one-hot vectors.
"""

import torch
from torch.nn import functional as F

SIGMA = 0.01
GATES = {"rnn": 1, "lstm": 4, "gru": 3}


class LanguageModel:
    """What rnnbook.trainer.Trainer needs, around one step of a cell."""

    def __init__(self, vocab_size, hidden_size, cell, embed_size=None):
        def draw(*shape):
            return (SIGMA * torch.randn(shape)).requires_grad_()

        self.vocab_size, self.hidden_size, self.step = vocab_size, hidden_size, STEPS[cell]
        self.table = None if embed_size is None else draw(vocab_size, embed_size)
        self.gates = [(draw(embed_size or vocab_size, hidden_size), draw(hidden_size, hidden_size),
                       torch.zeros(hidden_size, requires_grad=True)) for _ in range(GATES[cell])]
        self.head = draw(hidden_size, vocab_size), torch.zeros(vocab_size, requires_grad=True)

    def parameters(self):
        table = [] if self.table is None else [self.table]
        return table + [p for part in [*self.gates, self.head] for p in part]

    def loss(self, batch):
        """(x, y), token numbers (N, T) -> the mean loss of a token in nats."""
        x, y = map(torch.as_tensor, batch)
        state, outputs, (w, b) = torch.zeros(2, len(x), self.hidden_size), [], self.head
        for inputs in self.vectors(x.T):
            state = self.step(inputs, state, self.gates)
            outputs.append(state[0] @ w + b)
        return F.cross_entropy(torch.stack(outputs, 1).flatten(0, 1), y.flatten())

    def vectors(self, x):
        """Token numbers x (T, N) -> input vectors."""
        if self.table is None:
            return F.one_hot(x, self.vocab_size).float()
        return F.embedding(x, self.table)

    def train_step(self, batch, state=None):
        for p in self.parameters():
            p.grad = None
        loss = self.loss(batch)
        loss.backward()
        return loss.item(), state

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        return self.loss(batch).item(), state

    def clip_grad_norm(self, norm):
        torch.nn.utils.clip_grad_norm_(self.parameters(), norm)


def affine(x, h, gate):
    w_x, w_h, b = gate
    return x @ w_x + h @ w_h + b


def rnn(x, state, gates):
    return torch.tanh(affine(x, state[0], gates[0])), None


def lstm(x, state, gates):
    h, c = state
    i, f, o = (torch.sigmoid(affine(x, h, gate)) for gate in gates[:3])
    c = f * c + i * torch.tanh(affine(x, h, gates[3]))
    return o * torch.tanh(c), c


def gru(x, state, gates):
    h, _ = state
    z, r = (torch.sigmoid(affine(x, h, gate)) for gate in gates[:2])
    return z * h + (1 - z) * torch.tanh(affine(x, r * h, gates[2])), None


STEPS = {"rnn": rnn, "lstm": lstm, "gru": gru}
