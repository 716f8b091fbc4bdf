"""Answers to the LSTM chapter's exercises: right ones written differently, and wrong ones.

Kept out of the package: the wheel that the browser loads holds no solution. For each exercise,
RIGHT lists sources that must pass; WRONG lists edits (old, new) of RIGHT's first source that must
fail, each a mistake a reader really makes.
"""

HEAD = "import numpy as np\n\ndef sigmoid(x):\n    return 0.5 * (1 + np.tanh(0.5 * x))\n\n"

RIGHT = {
    "lstm/cell-update": ["""
def cell_update(a, c_prev):
    i, f, g, o = np.split(a, 4, axis=1)
    return sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
""", """
def cell_update(a, c_prev):
    N, H = c_prev.shape
    gates = a.reshape(N, 4, H)
    keep, write = 1 / (1 + np.exp(-gates[:, 1])), 1 / (1 + np.exp(-gates[:, 0]))
    return keep * c_prev + write * np.tanh(gates[:, 2])
""", """
def cell_update(a, c_prev):
    H = c_prev.shape[1]
    c = np.empty(c_prev.shape)
    for n in range(len(a)):
        for k in range(H):
            i, f, g = sigmoid(a[n, k]), sigmoid(a[n, H + k]), np.tanh(a[n, 2 * H + k])
            c[n, k] = f * c_prev[n, k] + i * g
    return c
"""],
    "lstm/parameter-count": ["""
def count_parameters(input_size, hidden_size, num_layers, bidirectional):
    ways, total = 2 if bidirectional else 1, 0
    for k in range(num_layers):
        size = hidden_size * ways if k else input_size
        total += ways * 4 * hidden_size * (size + hidden_size + 2)
    return total
""", """
def count_parameters(input_size, hidden_size, num_layers, bidirectional):
    ways = 1 + bidirectional
    gate = hidden_size * (hidden_size + 2) * num_layers + hidden_size * input_size
    gate += hidden_size * hidden_size * ways * (num_layers - 1)
    return 4 * ways * gate
"""],
    "lstm/forget-bias": ["""
def forget_bias(steps):
    f = 0.5 ** (1 / steps)
    return np.log(f / (1 - f))
""", """
def forget_bias(steps):
    return float(-np.log(np.expm1(np.log(2) / steps)))
""", """
def forget_bias(steps):
    b = 0.0
    for _ in range(100):                                     # Newton on steps·log σ(b) = log 1/2
        s = 1 / (1 + np.exp(-b))
        b -= (steps * np.log(s) + np.log(2)) / (steps * (1 - s))
    return b
"""],
    "lstm/gradient-path": ["""
def gradient_path(f):
    path = np.ones_like(f)
    for t in reversed(range(f.shape[1] - 1)):
        path[:, t] = path[:, t + 1] * f[:, t + 1]
    return path
""", """
def gradient_path(f):
    back = np.cumprod(f[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([back[:, 1:], np.ones_like(f[:, :1])], axis=1)
""", """
def gradient_path(f):
    return np.stack([f[:, t + 1:].prod(axis=1) for t in range(f.shape[1])], axis=1)
"""],
    "lstm/step": ["""
def lstm_step(x, h, c, w_ih, w_hh, b_ih, b_hh):
    a = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = np.split(a, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
""", """
def lstm_step(x, h, c, w_ih, w_hh, b_ih, b_hh):
    H = h.shape[1]
    both, weights = np.hstack([x, h]), np.hstack([w_ih, w_hh])
    a = np.einsum("nk,gk->ng", both, weights) + b_ih + b_hh
    i, f, o = (sigmoid(a[:, k * H:(k + 1) * H]) for k in (0, 1, 3))
    new = f * c + i * np.tanh(a[:, 2 * H:3 * H])
    return [o * np.tanh(new), new]
"""],
    "lstm/chunks": ["""
def run_in_chunks(layer, x, size):
    outputs, state = [], None
    for t in range(0, x.shape[1], size):
        y, state = layer(x[:, t:t + size], state)
        outputs.append(y)
    return np.concatenate(outputs, axis=1), state
""", """
def run_in_chunks(layer, x, size):
    if x.shape[1] <= size:
        return layer(x)
    y, state = layer(x[:, :size])
    ys = np.empty((len(x), x.shape[1], y.shape[2]))
    ys[:, :size] = y
    start = size
    while start < x.shape[1]:
        y, state = layer(x[:, start:start + size], state)
        ys[:, start:start + y.shape[1]] = y
        start += size
    h, c = state
    return ys, h, c
"""],
    "lstm/lengths": ["""
def final_states(layer, x, lengths):
    h, c, state = [], [], None
    for n, length in enumerate(lengths):
        _, (h_n, c_n) = layer(x[n:n + 1, :length])
        h.append(h_n[0, 0])
        c.append(c_n[0, 0])
    return np.stack(h), np.stack(c)
""", """
def final_states(layer, x, lengths):
    N, T, _ = x.shape
    state = tuple(np.zeros((1, N, layer.hidden_size)) for _ in range(2))
    for t in range(T):
        _, new = layer(x[:, t:t + 1], state)
        alive = (t < lengths)[:, None]
        state = tuple(np.where(alive, a, b) for a, b in zip(new, state))
    return state[0][0], state[1][0]
"""],
    "lstm/step-backward": ["""
def step_backward(dh, dc, a, c_prev, w_hh):
    i, f, g, o = np.split(a, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    tanh_c = np.tanh(f * c_prev + i * g)
    dc = dc + dh * o * (1 - tanh_c**2)
    da = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f),
                         dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)], axis=1)
    return da, da @ w_hh, dc * f
""", """
def step_backward(dh, dc, a, c_prev, w_hh):
    H = dh.shape[1]
    s, g = 1 / (1 + np.exp(-a)), np.tanh(a[:, 2 * H:3 * H])
    slope = s * (1 - s)
    i, f, o = s[:, :H], s[:, H:2 * H], s[:, 3 * H:]
    c = f * c_prev + i * g
    total = dc + dh * o / np.cosh(c)**2
    da = np.empty_like(a)
    da[:, :H] = total * g
    da[:, H:2 * H] = total * c_prev
    da[:, 3 * H:] = dh * np.tanh(c)
    da *= slope
    da[:, 2 * H:3 * H] = total * i / np.cosh(a[:, 2 * H:3 * H])**2
    return da, (w_hh.T @ da.T).T, f * total
"""],
    "lstm/projection": ["""
def projected_step(x, r, c, w_ih, w_hh, b, w_hr):
    i, f, g, o = np.split(x @ w_ih.T + r @ w_hh.T + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return (sigmoid(o) * np.tanh(c)) @ w_hr.T, c

def projected_step_backward(dr, dc, x, r, c, w_ih, w_hh, b, w_hr):
    i, f, g, o = np.split(x @ w_ih.T + r @ w_hh.T + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    tanh_c = np.tanh(f * c + i * g)
    dh = dr @ w_hr
    dc = dc + dh * o * (1 - tanh_c**2)
    da = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f),
                         dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)], axis=1)
    return da @ w_ih, da @ w_hh, dc * f, dr.T @ (o * tanh_c)
""", """
def forward(x, r, c, w_ih, w_hh, b):
    H = c.shape[1]
    a = np.hstack([x, r]) @ np.hstack([w_ih, w_hh]).T + b
    s, g = 1 / (1 + np.exp(-a)), np.tanh(a[:, 2 * H:3 * H])
    return s[:, :H], s[:, H:2 * H], g, s[:, 3 * H:]

def projected_step(x, r, c, w_ih, w_hh, b, w_hr):
    i, f, g, o = forward(x, r, c, w_ih, w_hh, b)
    c = f * c + i * g
    return np.einsum("nh,ph->np", o * np.tanh(c), w_hr), c

def projected_step_backward(dr, dc, x, r, c, w_ih, w_hh, b, w_hr):
    i, f, g, o = forward(x, r, c, w_ih, w_hh, b)
    new = f * c + i * g
    h, dh = o * np.tanh(new), np.einsum("np,ph->nh", dr, w_hr)
    total = dc + dh * (o - h * np.tanh(new))
    da = np.hstack([total * g * i * (1 - i), total * c * f * (1 - f), total * i * (1 - g * g),
                    dh * h * (1 - o)])
    dxr = da @ np.hstack([w_ih, w_hh])
    D = x.shape[1]
    return dxr[:, :D], dxr[:, D:], f * total, np.einsum("np,nh->ph", dr, h)
"""],
}

WRONG = {
    "lstm/cell-update": [
        ("i, f, g, o = np", "f, i, g, o = np"),
        ("i, f, g, o = np", "i, f, o, g = np"),
        ("np.tanh(g)", "sigmoid(g)"),
        ("np.tanh(g)", "g"),
        ("sigmoid(f) * c_prev", "f * c_prev"),
        ("np.tanh(g)\n", "np.tanh(g) * sigmoid(o)\n"),
        ("axis=1", "axis=0"),
        ("np.split(a, 4, axis=1)", "a.reshape(4, *c_prev.shape)"),
        ("return sigmoid(f)", "c_prev *= sigmoid(f); return 1"),
        ("return ", "c = "),
        ("np.tanh(g)\n", "np.tanh(g) / 0\n"),
    ],
    "lstm/parameter-count": [
        ("hidden_size + 2)", "hidden_size + 1)"),
        ("4 * hidden", "3 * hidden"),
        ("hidden_size * ways if k", "hidden_size if k"),
        (" if k else input_size", ""),
        ("return total", "return float(total)"),
        ("ways * 4", "4"),
        ("range(num_layers)", "range(1, num_layers)"),
    ],
    "lstm/forget-bias": [
        ("f / (1 - f)", "(1 - f) / f"),
        ("return np.log(f / (1 - f))", "return f"),
        ("1 / steps", "steps"),
        ("0.5 ** (1 / steps)", "1 - 0.5 / steps"),
        ("np.log(f", "np.log10(f"),
        ("(1 / steps)", "(1 / (steps + 1))"),
    ],
    "lstm/gradient-path": [
        ("* f[:, t + 1]", "* f[:, t]"),
        ("reversed(range(f.shape[1] - 1))", "range(f.shape[1] - 1)"),
        ("path[:, t + 1] * f[:, t + 1]", "f[:, t + 1]"),
        ("return path", "return path[:, 0]"),
        ("return path", "return path * f"),
        ("return path", "return np.cumprod(f, axis=1)[:, -1:] / np.cumprod(f, axis=1)"),
        ("path = np.ones_like(f)", "path = f"),
    ],
    "lstm/step": [
        (" + b_hh", ""),
        ("i, f, g, o = np", "f, i, g, o = np"),
        ("i, f, g, o = np", "i, f, o, g = np"),
        ("c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)\n    return sigmoid(o) * np.tanh(c), c",
         "new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)\n    return sigmoid(o) * np.tanh(c), new"),
        ("sigmoid(o) * np.tanh(c), c", "sigmoid(o) * c, c"),
        ("sigmoid(o) * np.tanh(c), c", "c, sigmoid(o) * np.tanh(c)"),
        ("sigmoid(o) * np.tanh(c), c", "sigmoid(o) * np.tanh(c)"),
        ("h @ w_hh.T", "h @ w_hh"),
        ("h @ w_hh.T", "c @ w_hh.T"),
        ("c = sigmoid(f) * c +", "c *= sigmoid(f); c +="),
    ],
    "lstm/chunks": [
        (", state)\n", ")\n"),
        ("axis=1", "axis=0"),
        ("range(0, x.shape[1], size)", "range(0, x.shape[1] - size + 1, size)"),
        ("outputs, state = [], None", "outputs, state = [], None; layer(x, layer(x)[1])"
                                      "; state = layer(x)[1]"),
        ("range(0, x.shape[1], size)", "range(size, x.shape[1], size)"),
        ("axis=1), state", "axis=1), layer(x[:, t:t + size])[1]"),
        ("axis=1), state", "axis=1)"),
    ],
    "lstm/lengths": [
        (":length", ":"),
        (":length", ":length - 1"),
        (":length", ":length + 1"),
        ("x[n:n + 1, :length]", "x[n:n + 1, :length], state"
                                ")\n        _, state = layer(x[n:n + 1]"),
        ("h_n[0, 0]", "h_n[0]"),
        ("np.stack(h), np.stack(c)", "np.stack(c), np.stack(h)"),
        ("x[n:n + 1, :length]", "x[n:n + 1, -length:]"),
    ],
    "lstm/step-backward": [
        ("dc = dc + dh", "dc = dh"),
        ("dc = dc + dh * o * (1 - tanh_c**2)", "dc = dc + 0"),
        ("dc * f\n", "dc\n"),
        ("dc * g * i * (1 - i)", "dc * g * i"),
        ("dc * c_prev * f", "dc * g * f"),
        ("i * (1 - g**2)", "i * g * (1 - g)"),
        ("dh * tanh_c * o", "dc * tanh_c * o"),
        ("da @ w_hh", "da @ w_hh * 0"),
        ("(1 - tanh_c**2)", "(1 - tanh_c)"),
        ("da, da @ w_hh, dc * f", "da, dc * f, da @ w_hh"),
        ("dc = dc + dh", "dc += dh"),
    ],
    "lstm/projection": [
        ("(sigmoid(o) * np.tanh(c)) @ w_hr.T, c", "sigmoid(o) * np.tanh(c), c"),
        ("@ w_hr.T, c", "@ w_hr.T, c @ w_hr.T"),
        ("dh = dr @ w_hr", "dh = dr @ w_hr * 0"),
        ("dr.T @ (o * tanh_c)", "(o * tanh_c).T @ dr"),
        ("dr.T @ (o * tanh_c)", "dr.T @ tanh_c"),
        ("da @ w_ih, da @ w_hh", "da @ w_ih, (da @ w_hh) * 2"),
        ("dc = dc + dh", "dc = dh"),
        ("dc * f, dr.T", "dc, dr.T"),
    ],
}
