// How far a gradient travels back in time: a real backward pass through one RNN and one LSTM at each move of a slider.
import { Figure, brief, clamp, define, fixed, h, mulberry, power, put, s, sigmoid, slider } from "./kit.mjs";

const WARMUP = 100;       // steps that are read first: near a zero state the gradient is unusually large
const draws = (draw, count, bound) => Float64Array.from({ length: count }, () => bound * (2 * draw() - 1));

/** Weights and inputs from the seed, drawn in the order of GradientPath.weights() in Python. */
export function weights({ seed, hidden: H, inputs: D, steps }) {
  const draw = mulberry(seed);
  const bound = H ** -0.5;
  return {
    H, D, steps,
    rnnHH: draws(draw, H * H, 1), rnnIH: draws(draw, H * D, bound),
    lstmHH: draws(draw, 4 * H * H, bound), lstmIH: draws(draw, 4 * H * D, bound),
    goal: draws(draw, H, 1), x: draws(draw, (WARMUP + steps) * D, 3 ** 0.5),
  };
}

function product(W, x, rows, columns, from = 0) {
  const y = new Float64Array(rows);
  for (let r = 0, p = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, p++) sum += W[p] * x[from + c];
    y[r] = sum;
  }
  return y;
}

function transposed(W, y, rows, columns) {
  const x = new Float64Array(columns);
  for (let r = 0, p = 0; r < rows; r++) for (let c = 0; c < columns; c++, p++) x[c] += W[p] * y[r];
  return x;
}

const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

export function rnnNorms(w, scale) {
  const { H, D, steps } = w;
  const U = w.rnnHH.map((x) => x * scale);
  const slopes = [];
  let state = new Float64Array(H);
  for (let t = 0; t < WARMUP + steps; t++) {
    const a = product(U, state, H, H), b = product(w.rnnIH, w.x, H, D, t * D);
    state = a.map((x, k) => Math.tanh(x + b[k]));
    slopes.push(state.map((x) => 1 - x * x));
  }
  const norms = [];
  let dh = w.goal;
  for (let t = WARMUP + steps - 1; t >= WARMUP; t--) {
    norms.push(norm(dh));
    dh = transposed(U, dh.map((x, k) => x * slopes[t][k]), H, H);
  }
  return norms.map((x) => x / norms[0]);
}

export function lstmNorms(w, forgetBias) {
  const { H, D, steps } = w;
  const tape = [];
  let hidden = new Float64Array(H), cell = new Float64Array(H);
  for (let t = 0; t < WARMUP + steps; t++) {
    const a = product(w.lstmHH, hidden, 4 * H, H), b = product(w.lstmIH, w.x, 4 * H, D, t * D);
    const at = (gate, k) => a[gate * H + k] + b[gate * H + k];
    const step = { i: new Float64Array(H), f: new Float64Array(H), g: new Float64Array(H), o: new Float64Array(H), before: cell, squeezed: new Float64Array(H) };
    cell = new Float64Array(H);
    hidden = new Float64Array(H);
    for (let k = 0; k < H; k++) {
      step.i[k] = sigmoid(at(0, k));
      step.f[k] = sigmoid(at(1, k) + forgetBias);
      step.g[k] = Math.tanh(at(2, k));
      step.o[k] = sigmoid(at(3, k));
      cell[k] = step.f[k] * step.before[k] + step.i[k] * step.g[k];
      step.squeezed[k] = Math.tanh(cell[k]);
      hidden[k] = step.o[k] * step.squeezed[k];
    }
    tape.push(step);
  }
  const norms = [];
  let dh = w.goal, dc = new Float64Array(H);
  for (let t = WARMUP + steps - 1; t >= WARMUP; t--) {
    const { i, f, g, o, before, squeezed } = tape[t];
    const da = new Float64Array(4 * H);
    const next = new Float64Array(H);
    for (let k = 0; k < H; k++) {
      dc[k] += dh[k] * o[k] * (1 - squeezed[k] ** 2);
      da[k] = dc[k] * g[k] * i[k] * (1 - i[k]);
      da[H + k] = dc[k] * before[k] * f[k] * (1 - f[k]);
      da[2 * H + k] = dc[k] * i[k] * (1 - g[k] ** 2);
      da[3 * H + k] = dh[k] * squeezed[k] * o[k] * (1 - o[k]);
      next[k] = dc[k] * f[k];
    }
    norms.push(norm(dc));
    dh = transposed(w.lstmHH, da, 4 * H, H);
    dc = next;
  }
  return norms.map((x) => x / norms[0]);
}

const LOW = -24, HIGH = 12, GAP = 6;

class GradientPath extends Figure {
  static style = `
    svg .axis { stroke: var(--edge); stroke-width: 1; fill: none; }
    svg .grid { stroke: var(--rule); stroke-width: 1; fill: none; }
    svg .one { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; fill: none; }
    svg .curve { fill: none; stroke-width: 2.6; stroke-linejoin: round; stroke-linecap: round; }
    svg .cursor { stroke: var(--ink); stroke-width: 1.2; }
    svg { touch-action: pan-y; cursor: crosshair; }
    .mid { text-anchor: middle; } .end { text-anchor: end; }
    svg .small { font-size: 12px; }
    .read { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 0.5rem 0 0; padding: 0.55rem 0.9rem; border-radius: 9px; background: var(--panel); }
    .read p { margin: 0; }
    .dot { display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.4em; border-radius: 50%; background: currentcolor; }
  `;

  build(root) {
    const { steps, radius, forgetBias } = this.settings;
    this.now = { steps, radius, forgetBias, k: Math.round(0.75 * (steps - 1)) };
    this.svg = s("svg", { role: "img" });
    this.read = h("div", { class: "read" });
    const move = (event) => {
      if (event.type === "pointermove" && event.pointerType !== "mouse") return;
      const box = this.svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width * this.box.W - this.box.left) / (this.box.right - this.box.left);
      this.look(Math.round(clamp(share, 0, 1) * (this.now.steps - 1)), true);
    };
    this.svg.addEventListener("pointermove", move);
    this.svg.addEventListener("pointerdown", move);
    const change = (key) => (value) => { this.now[key] = value; this.compute(); this.draw(this.width); this.announce(); };
    this.back = slider({ label: "거슬러 간 시점 수 k", min: 0, max: steps - 1, step: 1, value: this.now.k, color: "var(--ink)",
      show: (k) => `${k}`, input: (k) => this.look(k) });
    this.sliders = [
      this.back,
      slider({ label: "시점 수 T", min: 10, max: 200, step: 10, value: clamp(steps, 10, 200), color: "var(--ink)", show: (t) => `${t}`,
        input: (t) => { this.now.steps = t; this.resize(); } }),
      slider({ label: h("span", { class: "red" }, "RNN 순환 가중치"), aria: "RNN 순환 가중치의 스펙트럼 반지름", min: 0.5, max: 2.5, step: 0.05, value: radius,
        color: "var(--red)", show: (r) => fixed(r), input: change("radius") }),
      slider({ label: h("span", { class: "o" }, "LSTM 망각 편향"), aria: "LSTM 망각 게이트의 편향", min: -2, max: 6, step: 0.25, value: forgetBias,
        show: (b) => fixed(b), input: change("forgetBias") }),
    ];
    root.append(this.svg, this.read, h("div", { class: "controls" }, this.sliders.map((each) => each.root)),
      h("p", { class: "note" }, "은닉 상태의 길이가 64인 RNN과 LSTM을 무작위로 초기화한 뒤, 기울기를 실제로 거꾸로 흘려 크기를 구했습니다. 마지막 시점의 크기로 나누어 나타냈고, 순환 가중치는 스펙트럼 반지름(고윳값의 크기 가운데 가장 큰 것)으로 나타냈습니다."
        .replace("64", this.settings.hidden)));
    this.compute();
  }

  resize() {
    this.now.k = Math.min(this.now.k, this.now.steps - 1);
    this.back.field.max = this.now.steps - 1;
    this.back.set(this.now.k);
    this.compute();
    this.draw(this.width);
    this.announce();
  }

  compute() {
    const { steps, radius, forgetBias } = this.now;
    if (this.drawn?.steps !== steps) this.drawn = weights({ ...this.settings, steps });
    this.curves = [
      ["RNN", "red", rnnNorms(this.drawn, radius / this.settings.naturalRadius)],
      ["LSTM", "o", lstmNorms(this.drawn, forgetBias)],
    ];
  }

  look(k, byPointer = false) {
    this.now.k = k;
    if (byPointer) this.back.set(k);
    this.draw(this.width);
    this.announce();
  }

  announce() {
    const { k } = this.now;
    this.say(`${k}시점을 거슬러 가면 RNN ${brief(this.curves[0][2][k])}, LSTM ${brief(this.curves[1][2][k])}`);
  }

  draw(width) {
    this.width = width;
    const W = Math.max(width, 280), left = 46, right = W - 52, top = 12, bottom = W < 500 ? 250 : 290, H = bottom + 40;
    this.box = { W, left, right };
    const { steps, k } = this.now;
    const X = (t) => left + ((right - left) * t) / (steps - 1);
    const Y = (value) => bottom - ((bottom - top) * (clamp(Math.log10(value || 1e-300), LOW, HIGH) - LOW)) / (HIGH - LOW);
    const body = [];
    for (let e = LOW; e <= HIGH; e += GAP) {
      const y = Y(10 ** e);
      body.push(s("path", { d: `M${left} ${y}H${right}`, class: e === 0 ? "one" : "grid" }),
        put(left - 8, y + 4, e === 0 ? "1" : `10${power(e)}`, { class: "end soft small" }));
    }
    const gap = steps > 120 && W < 500 ? 50 : steps > 100 ? 20 : steps > 40 ? 10 : 5;
    for (let t = 0; t < steps; t += gap) {
      body.push(s("path", { d: `M${X(t)} ${bottom}v4`, class: "axis" }), put(X(t), bottom + 18, `${t}`, { class: "mid soft small" }));
    }
    body.push(s("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "axis" }),
      put((left + right) / 2, bottom + 36, "거슬러 간 시점 수 k", { class: "mid small" }));
    const ends = this.curves.map(([, , norms]) => Y(norms.at(-1)));
    const close = Math.abs(ends[0] - ends[1]) < 16;
    for (const [n, [name, color, norms]] of this.curves.entries()) {
      body.push(s("path", { class: "curve", style: `stroke: var(--${color})`, d: `M${norms.map((v, t) => `${X(t).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}` }));
      const shift = close ? (ends[n] > ends[1 - n] || (ends[0] === ends[1] && n) ? 8 : -8) : 0;
      body.push(put(right + 6, clamp(ends[n] + 5 + shift, top + 8, bottom), name, { class: `bold ${color}`, style: "font-size:13px" }));
    }
    body.push(s("path", { d: `M${X(k)} ${top}V${bottom}`, class: "cursor" }));
    for (const [, color, norms] of this.curves) {
      body.push(s("circle", { cx: X(k), cy: Y(norms[k]), r: 5, style: `fill: var(--${color}); stroke: var(--sheet); stroke-width: 2` }));
    }
    this.svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
    this.svg.setAttribute("aria-label", `기울기 크기의 로그 그래프. ${steps - 1}시점을 거슬러 가면 RNN은 ${brief(this.curves[0][2].at(-1))}, LSTM은 ${brief(this.curves[1][2].at(-1))}`);
    this.svg.replaceChildren(...body);
    this.read.replaceChildren(h("p", {}, h("span", { class: "bold" }, `${k}`), "시점을 거슬러 가면"),
      ...this.curves.map(([name, color, norms]) => h("p", { class: color }, h("span", { class: "dot" }), `${name} `, h("span", { class: "bold" }, brief(norms[k])))));
  }
}

define("gradient_path", GradientPath);
