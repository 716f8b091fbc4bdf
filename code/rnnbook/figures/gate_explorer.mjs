// One LSTM cell with one unit: sliders on the left-hand side of every equation, numbers flowing through the drawing.
import { Figure, button, clamp, define, fixed, h, put, s, sigmoid, slider, sym } from "./kit.mjs";

const ORDER = ["f", "i", "g", "o"];
const NAMES = { f: "망각 게이트", i: "입력 게이트", g: "후보", o: "출력 게이트" };
const SAYS = { f: "앞 기억을 남길 몫", i: "새로 더할 몫", g: "더할 내용", o: "내보낼 몫" };
const OPEN = 6;

/** Gates, states and pre-activations of one step; the same arithmetic as GateExplorer.values(). */
export function step({ x, h: hidden, c, weights }) {
  const a = Object.fromEntries(ORDER.map((k) => [k, weights[k][0] * x + weights[k][1] * hidden + weights[k][2]]));
  const out = { f: sigmoid(a.f), i: sigmoid(a.i), g: Math.tanh(a.g), o: sigmoid(a.o) };
  out.c = out.f * c + out.i * out.g;
  out.h = out.o * Math.tanh(out.c);
  return { ...out, a };
}

const PRESETS = [
  ["처음 값", null, "책의 값으로 돌아왔습니다."],
  ["그대로 간직하기", { f: OPEN, i: -OPEN }, "망각 게이트를 열고 입력 게이트를 닫았습니다. 앞 셀 상태가 그대로 나갑니다."],
  ["모두 지우기", { f: -OPEN, i: -OPEN }, "망각 게이트와 입력 게이트를 모두 닫았습니다. 셀 상태가 0이 됩니다."],
  ["새로 쓰기", { f: -OPEN, i: OPEN }, "앞 기억을 지우고 후보를 그대로 씁니다."],
  ["내보내지 않기", { o: -OPEN }, "출력 게이트를 닫았습니다. 셀 상태는 남지만 은닉 상태는 0입니다."],
];

class GateExplorer extends Figure {
  static style = `
    svg .gauge { fill: var(--panel); stroke: currentcolor; stroke-width: 1.5; }
    svg .fill { fill: currentcolor; opacity: 0.28; }
    svg .flow { fill: none; stroke: currentcolor; stroke-linecap: round; stroke-linejoin: round; }
    svg .bus { fill: none; stroke: var(--edge); stroke-width: 1.3; }
    .node { fill: var(--sheet); stroke: var(--ink); stroke-width: 1.5; }
    .halo { paint-order: stroke; stroke: var(--sheet); stroke-width: 3.5px; stroke-linejoin: round; }
    .mid { text-anchor: middle; } .end { text-anchor: end; }
    .sum { display: grid; gap: 0.15rem; margin: 0.5rem 0 0; padding: 0.6rem 0.9rem; border-radius: 9px; background: var(--panel); }
    .sum p { margin: 0; }
    sub { line-height: 0; font-size: 0.7em; }
    .presets { margin-top: 0.8rem; }
  `;

  build(root) {
    this.first = structuredClone(this.settings);
    this.now = structuredClone(this.settings);
    this.time = 0;
    this.svg = s("svg", { role: "img" });
    this.sum = h("div", { class: "sum" });
    const state = (key, label, min, max) => slider({
      label, aria: label.textContent, min, max, step: 0.05, value: clamp(this.now[key], min, max),
      input: (value) => { this.now[key] = value; this.refresh(); },
    });
    const tag = (words, letter, index) => h("span", {}, `${words} `, h("var", {}, letter), h("sub", {}, index));
    this.fields = {
      x: state("x", tag("입력", "x", "t"), -3, 3),
      h: state("h", tag("앞 은닉 상태", "h", "t−1"), -1, 1),
      c: state("c", tag("앞 셀 상태", "c", "t−1"), -3, 3),
    };
    this.gates = Object.fromEntries(ORDER.map((key) => [key, slider({
      label: h("span", { class: key }, `${NAMES[key]} `, h("var", {}, key)), aria: `${NAMES[key]} ${key}의 편향`,
      min: -8, max: 8, step: 0.1, value: clamp(this.now.weights[key][2], -8, 8), color: `var(--${key})`,
      show: (b) => `b = ${fixed(b, 1)}`,
      input: (value) => { this.now.weights[key] = [...this.now.weights[key].slice(0, 2), value]; this.refresh(); },
    })]));
    root.append(
      this.svg, this.sum,
      h("div", { class: "row presets", role: "group", "aria-label": "미리 정한 값" },
        PRESETS.map(([name, to, words]) => button(name, () => this.preset(to, words))),
        button("다음 시점으로 →", () => this.advance())),
      h("p", { class: "part" }, "입력과 앞 상태"), h("div", { class: "controls" }, Object.values(this.fields).map((f) => f.root)),
      h("p", { class: "part" }, "게이트와 후보의 편향"), h("div", { class: "controls" }, ORDER.map((key) => this.gates[key].root)));
  }

  preset(to, words) {
    if (to === null) {
      this.now = structuredClone(this.first);
      this.time = 0;
      for (const key of "xhc") this.fields[key].set(this.now[key]);
    }
    for (const key of ORDER) {
      const [w, u] = this.now.weights[key];
      const bias = to === null ? this.first.weights[key][2] : key in to
        ? clamp(to[key] - w * this.now.x - u * this.now.h, -8, 8) : this.first.weights[key][2];
      this.now.weights[key] = [w, u, bias];
      this.gates[key].set(bias);
    }
    this.refresh(words);
  }

  /** The new states become the old ones: the same gates meet the next step. */
  advance() {
    const out = step(this.now);
    this.now.c = out.c;
    this.now.h = out.h;
    this.time += 1;
    this.fields.c.set(clamp(out.c, -3, 3));
    this.fields.h.set(out.h);
    this.refresh(`${this.time}시점을 지났습니다.`);
  }

  refresh(words = "") {
    this.draw(this.width);
    const out = step(this.now);
    this.say(`${words} 셀 상태 ${fixed(out.c)}, 은닉 상태 ${fixed(out.h)}`);
  }

  draw(width) {
    this.width = width;
    const out = step(this.now);
    const narrow = width < 520;
    const W = Math.max(width, 300);
    const left = narrow ? 26 : 96, right = narrow ? W - 40 : W - 96;
    const at = (share) => left + share * (right - left);
    const X = narrow ? { f: at(0.1), i: at(0.37), g: at(0.64), o: at(0.93) } : { f: at(0.09), i: at(0.36), g: at(0.62), o: at(0.9) };
    const mix = (X.i + X.g) / 2;
    const road = narrow ? 52 : 40, gateTop = 192, tall = 74, half = narrow ? 20 : 23, bus = gateTop + tall + 66;
    const high = bus + (narrow ? 44 : 16);
    const thick = (value) => 1.2 + 7 * Math.min(1, Math.abs(value) / 2);
    const flow = (d, value, key) => s("path", { d, class: "flow", style: key && `color: var(--${key})`, "stroke-width": thick(value).toFixed(2) });
    const node = (x, y, sign) => [s("circle", { cx: x, cy: y, r: 13, class: "node" }), put(x, y + 6, sign, { class: "mid", style: "font-size:19px" })];
    const value = (x, y, number, cls, key = "") => put(x, y, fixed(number), { class: `bold ${cls} ${key}` });
    const squeezed = Math.tanh(out.c);
    const kept = out.f * this.now.c, written = out.i * out.g;
    const body = [
      // the road of the cell state
      flow(`M${left - 6} ${road}H${X.f}`, this.now.c, ""),
      flow(`M${X.f} ${road}H${mix}`, kept, ""),
      flow(`M${mix} ${road}H${right + 6}`, out.c, ""),
      flow(`M${X.o} ${road}V${road + 92}`, squeezed, ""),
      flow(`M${X.o} ${road + 92}H${right + 6}`, out.h, ""),
      // the gates reach up to it
      flow(`M${X.f} ${gateTop}V${road}`, out.f, "f"),
      flow(`M${X.i} ${gateTop}V${road + 92}H${mix}`, out.i, "i"),
      flow(`M${X.g} ${gateTop}V${road + 92}H${mix}`, out.g, "g"),
      flow(`M${mix} ${road + 92}V${road}`, written, ""),
      flow(`M${X.o} ${gateTop}V${road + 92}`, out.o, "o"),
      ...node(X.f, road, "×"), ...node(mix, road, "+"), ...node(mix, road + 92, "×"), ...node(X.o, road + 92, "×"),
      s("rect", { x: X.o - 22, y: road + 32, width: 44, height: 24, rx: 12, class: "node" }),
      put(X.o, road + 48, "tanh", { class: "mid", style: "font-size:12.5px" }),
      // what flows, in numbers
      value((X.f + mix) / 2 + (narrow ? 0 : 6), road - 12, kept, "mid"),
      put((X.f + mix) / 2 + (narrow ? 0 : 6), road + 20, "남긴 것", { class: "mid soft", style: "font-size:12px" }),
      value(mix + 18, road + 42, written, ""),
      put(mix + 18, road + 60, "더한 것", { class: "soft", style: "font-size:12px" }),
      s("path", { d: `M${left - 6} ${bus}H${X.o}`, class: "bus" }),
    ];
    for (const key of ORDER) {
      const x = X[key], signed = key === "g";
      const zero = signed ? gateTop + tall / 2 : gateTop + tall;
      const reach = (signed ? tall / 2 : tall) * Math.abs(out[key]);
      body.push(
        s("path", { d: `M${x} ${bus}V${gateTop + tall + 46}`, class: "bus" }),
        s("g", { class: key, style: `color: var(--${key})` },
          s("rect", { x: x - half, y: gateTop, width: 2 * half, height: tall, rx: 6, class: "gauge" }),
          s("rect", { x: x - half, y: out[key] >= 0 ? zero - reach : zero, width: 2 * half, height: reach, rx: 4, class: "fill" }),
          signed ? s("path", { d: `M${x - half} ${zero}h${2 * half}`, class: "flow", "stroke-width": 1 }) : null),
        value(x, gateTop + tall / 2 + 5, out[key], "mid halo", key),
        put(x, gateTop + tall + 20, narrow ? NAMES[key].split(" ")[0] : NAMES[key], { class: `mid bold ${key}`, style: "font-size:13px" }),
        put(x, gateTop + tall + 38, [...sym("a"), ` = ${fixed(out.a[key])}`], { class: "mid soft", style: "font-size:12.5px" }));
    }
    const edge = (x, y, letter, index, number, anchor) => (narrow
      ? [put(x, y - 28, sym(letter, index), { class: anchor }), value(x, y - 10, number, anchor)]
      : [put(x, y + 5, [...sym(letter, index), " = ", s("tspan", { class: "bold" }, fixed(number))], { class: anchor })]);
    body.push(...(narrow ? edge(0, road, "c", "t−1", this.now.c, "") : edge(left - 14, road, "c", "t−1", this.now.c, "end")));
    body.push(...(narrow ? edge(W - 2, road, "c", "t", out.c, "end") : edge(right + 14, road, "c", "t", out.c, "")));
    body.push(...(narrow ? edge(W - 2, road + 92, "h", "t", out.h, "end") : edge(right + 14, road + 92, "h", "t", out.h, "")));
    if (narrow) {
      body.push(put(left - 6, bus + 26, [...sym("x", "t"), ` = ${fixed(this.now.x)},   `, ...sym("h", "t−1"), ` = ${fixed(this.now.h)}`], {}));
    } else {
      body.push(...edge(left - 14, bus - 12, "x", "t", this.now.x, "end"), ...edge(left - 14, bus + 10, "h", "t−1", this.now.h, "end"));
    }
    this.svg.setAttribute("viewBox", `0 0 ${W} ${high}`);
    this.svg.setAttribute("aria-label", `LSTM 셀의 한 시점: ${ORDER.map((k) => `${NAMES[k]} ${fixed(out[k])}`).join(", ")}. 셀 상태 ${fixed(this.now.c)}에서 ${fixed(out.c)}, 은닉 상태 ${fixed(out.h)}`);
    this.svg.replaceChildren(...body);
    const mark = (letter, index, key = "") => h("span", { class: key }, h("var", {}, letter), index ? h("sub", {}, index) : "");
    const end = (x) => h("span", { class: "bold" }, fixed(x));
    const n = (x, key = "") => h("span", { class: `bold ${key}` }, x < 0 ? `(${fixed(x)})` : fixed(x));
    this.sum.replaceChildren(
      h("p", {}, mark("c", "t"), " = ", mark("f", "", "f"), " · ", mark("c", "t−1"), " + ", mark("i", "", "i"), " · ", mark("g", "", "g"), " = ",
        n(out.f, "f"), " × ", n(this.now.c), " + ", n(out.i, "i"), " × ", n(out.g, "g"), " = ", end(out.c)),
      h("p", {}, mark("h", "t"), " = ", mark("o", "", "o"), " · tanh(", mark("c", "t"), ") = ", n(out.o, "o"), " × ", n(squeezed), " = ", end(out.h)),
      this.time ? h("p", { class: "soft" }, `${this.time}시점이 지났습니다. 게이트는 그대로이고 상태만 넘어왔습니다.`) : "");
  }
}

define("gate_explorer", GateExplorer);
