// TAKEN OVER 23:22 by the second figures agent (see NOTE_TO_HELPERS.txt): do not edit; this line goes when done.
// The book's syllable LSTM, in plain JavaScript: the reader begins, it goes on, and its gates are seen at work.
import { Figure, button, clamp, define, fixed, h, mulberry, sigmoid, slider } from "./kit.mjs";

/** Reads the file of figures/writer.py: header and float32 weights (int8 rows times their scale). */
export function unpackModel(buffer) {
  const view = new DataView(buffer);
  const length = view.getUint32(4, true), start = 8 + length;
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const weights = {};
  for (const [name, kind, at, shape] of header.tensors) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (kind !== "q") {
      weights[name] = new Float32Array(buffer, start + at, size);
      continue;
    }
    const q = new Int8Array(buffer, start + at, size), scale = weights[name];
    weights[name] = Float32Array.from(q, (x, n) => x * scale[Math.floor(n / shape[1])]);
  }
  return { header, weights };
}

function add(W, x, y) {
  const columns = x.length;
  for (let r = 0, p = 0; r < y.length; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, p++) sum += W[p] * x[c];
    y[r] += sum;
  }
  return y;
}

/** Reads one token; the same arithmetic as step() in figures/writer.py. */
export function readToken({ header, weights: w }, token, { h: hidden, c }) {
  const { embed: E, hidden: H } = header;
  const a = add(w.weight_hh, hidden, add(w.weight_ih, w.embedding.subarray(token * E, (token + 1) * E), Float32Array.from(w.bias)));
  const gates = { i: new Float32Array(H), f: new Float32Array(H), g: new Float32Array(H), o: new Float32Array(H) };
  const next = { h: new Float32Array(H), c: new Float32Array(H) };
  for (let k = 0; k < H; k++) {
    gates.i[k] = sigmoid(a[k]);
    gates.f[k] = sigmoid(a[H + k]);
    gates.g[k] = Math.tanh(a[2 * H + k]);
    gates.o[k] = sigmoid(a[3 * H + k]);
    next.c[k] = gates.f[k] * c[k] + gates.i[k] * gates.g[k];
    next.h[k] = gates.o[k] * Math.tanh(next.c[k]);
  }
  return { gates, state: next, logits: add(w.head, next.h, Float32Array.from(w.head_bias)) };
}

/** Probabilities at a temperature; <unk> is never written. Temperature 0 puts everything on the likeliest. */
export function chances(logits, temperature, unk) {
  const p = Float64Array.from(logits);
  p[unk] = -Infinity;
  const top = Math.max(...p);
  if (temperature === 0) {
    const best = p.indexOf(top);
    return p.map((_, k) => (k === best ? 1 : 0));
  }
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += p[k] = Math.exp((p[k] - top) / temperature);
  return p.map((x) => x / sum);
}

const GATES = [["f", "망각 게이트"], ["i", "입력 게이트"], ["o", "출력 게이트"]];
const visible = (letter) => ({ " ": "빈칸", "\n": "줄바꿈" })[letter] ?? letter;
const PACE = 75;

class Writer extends Figure {
  static style = `
    .first { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 0.7rem; }
    .text { width: 100%; min-width: 0; cursor: text; font-size: 1rem; }
    .page { min-height: 7.2rem; max-height: 15rem; margin: 0.8rem 0; padding: 0.7rem 0.95rem; overflow-y: auto; border-radius: 9px; background: var(--panel); font-size: 1.1rem; line-height: 1.85; white-space: pre-wrap; word-break: break-all; }
    .page .given { color: var(--soft); }
    .page .caret { display: inline-block; width: 2px; height: 1.1em; margin-left: 1px; vertical-align: -0.15em; background: var(--o); }
    .writing .caret { animation: blink 1s steps(2) infinite; }
    @keyframes blink { 50% { opacity: 0; } }
    @media (prefers-reduced-motion: reduce) { .writing .caret { animation: none; } }
    .heat { margin-top: 0.9rem; display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 0.6rem; align-items: center; font-size: 0.84rem; }
    .heat canvas { display: block; width: 100%; height: 66px; border-radius: 5px; background: var(--panel); }
    .heat .letters { height: 20px; background: none; }
    .next { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: end; min-height: 3.4rem; margin: 0; padding: 0; list-style: none; }
    .next li { position: relative; min-width: 3.6rem; padding: 0.2rem 0.5rem 0.35rem; border-radius: 7px; background: var(--panel); text-align: center; overflow: hidden; font-size: 0.82rem; color: var(--soft); }
    .next b { display: block; color: var(--ink); font-size: 1rem; font-weight: 600; }
    .next i { position: absolute; left: 0; bottom: 0; height: 4px; background: var(--o); }
    .status { margin: 0.5rem 0 0; min-height: 1.5em; font-size: 0.88rem; color: var(--soft); }
    .temp { margin: 0.3rem 0 0.7rem; }
  `;

  build(root) {
    const { prompt, temperature, bytes } = this.settings;
    this.draws = mulberry(Date.now());
    this.letters = [];
    this.strip = [];
    this.temperature = clamp(temperature, 0, 1.5);
    this.field = h("input", { class: "text", type: "text", value: prompt, maxlength: 60, "aria-label": "첫머리", autocomplete: "off", spellcheck: "false",
      onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); this.restart(); } } });
    this.heat = slider({ label: "온도", min: 0, max: 1.5, step: 0.05, value: this.temperature, color: "var(--red)",
      show: (t) => fixed(t), input: (t) => { this.temperature = t; this.candidates(); } });
    this.go = button("이어 쓰기", () => (this.timer ? this.pause() : this.start()), { class: "main" });
    this.once = button("한 글자만", () => this.start(1));
    this.again = button("처음부터", () => this.restart());
    this.page = h("p", { class: "page", tabindex: 0, "aria-label": "이어 쓴 글" });
    this.status = h("p", { class: "status", role: "status" }, `단추를 누르면 모형(${(bytes / 1e6).toFixed(1)} MB)을 한 번 내려받습니다.`);
    this.list = h("ol", { class: "next", "aria-label": "다음 글자의 후보" });
    this.canvases = GATES.map(([gate, name]) => ({ gate, node: h("canvas", { role: "img", "aria-label": `${name}가 글자마다 열린 정도` }) }));
    this.ruler = h("canvas", { class: "letters", "aria-hidden": "true" });
    root.append(
      h("label", { class: "first" }, h("span", {}, "첫머리"), this.field),
      h("div", { class: "temp" }, this.heat.root),
      h("div", { class: "row" }, this.go, this.once, this.again),
      this.page,
      h("p", { class: "part" }, "다음 글자의 후보"), this.list,
      h("div", { class: "heat" }, h("span"), this.ruler,
        GATES.map(([gate, name], n) => [h("span", { class: gate }, name.split(" ")[0]), this.canvases[n].node])),
      this.status);
    this.write();
    this.candidates();
  }

  async load() {
    if (this.model) return true;
    this.status.textContent = "모형을 내려받고 있습니다.";
    try {
      this.model = unpackModel(await this.payload());
    } catch {
      this.status.textContent = "모형을 내려받지 못했습니다. 연결을 확인하고 다시 누르십시오.";
      return false;
    }
    this.ids = new Map(this.model.header.vocab.map((token, n) => [token, n]));
    this.status.textContent = "";
    return true;
  }

  /** Reads the beginning afresh. */
  begin() {
    const { header } = this.model;
    this.state = { h: new Float32Array(header.hidden), c: new Float32Array(header.hidden) };
    this.letters = [];
    this.strip = [];
    const first = [...(this.field.value || " ")];
    this.given = first.length;
    first.forEach((letter) => this.read(letter));
    const strange = [...new Set(first.filter((letter) => !this.ids.has(letter)))];
    this.status.textContent = strange.length ? `모형이 배운 적 없는 글자: ${strange.join(" ")}` : "";
  }

  read(letter) {
    const { gates, state, logits } = readToken(this.model, this.ids.get(letter) ?? this.model.header.unk, this.state);
    this.state = state;
    this.logits = logits;
    this.letters.push(letter);
    this.strip.push(gates);
  }

  next() {
    const p = chances(this.logits, this.temperature, this.model.header.unk);
    let left = this.draws(), k = 0;
    while (k < p.length - 1 && (left -= p[k]) > 0) k++;
    this.read(this.model.header.vocab[k]);
    const last = this.letters.at(-1);
    if (".?!\n".includes(last)) this.say(this.letters.slice(Math.max(this.given, this.letters.length - 60)).join(""));
  }

  async start(count = Infinity) {
    if (!(await this.load())) return;
    if (!this.letters.length || (this.field.value && !this.letters.join("").startsWith(this.field.value))) this.begin();
    this.pause();
    let left = count === Infinity ? 400 : count;
    const beat = () => {
      this.next();
      this.show();
      left -= 1;
      if (left > 0 && this.isConnected) this.timer = setTimeout(beat, PACE);
      else this.pause();
    };
    if (count === Infinity) {
      this.go.textContent = "멈춤";
      this.page.classList.add("writing");
      this.timer = setTimeout(beat, 0);
    } else beat();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.go.textContent = "이어 쓰기";
    this.page.classList.remove("writing");
  }

  async restart() {
    this.pause();
    if (!(await this.load())) return;
    this.begin();
    this.show();
    this.start();
  }

  show() {
    this.write();
    this.candidates();
    this.paint();
  }

  write() {
    const given = this.letters.length ? this.letters.slice(0, this.given).join("") : this.field.value;
    this.page.replaceChildren(h("span", { class: "given" }, given), this.letters.slice(this.given).join(""), h("span", { class: "caret" }));
    this.page.scrollTop = this.page.scrollHeight;
  }

  candidates() {
    if (!this.logits) {
      this.list.replaceChildren(...Array.from({ length: 6 }, () => h("li", {}, h("b", {}, "·"), "–")));
      return;
    }
    const p = chances(this.logits, this.temperature, this.model.header.unk);
    const best = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, 6);
    this.list.replaceChildren(...best.map((k) => h("li", {}, h("b", {}, visible(this.model.header.vocab[k])), `${Math.round(100 * p[k])}%`,
      h("i", { style: `width: ${100 * p[k]}%`, "aria-hidden": "true" }))));
  }

  draw(width) {
    this.width = width;
    this.paint();
  }

  /** The gates of the last letters: a column a letter, a row a unit, the deeper the wider open. */
  paint() {
    const style = getComputedStyle(this);
    const ratio = globalThis.devicePixelRatio || 1;
    const rows = this.model?.header.units ?? [];
    const prepare = (node) => {
      const box = node.getBoundingClientRect();
      node.width = Math.round(box.width * ratio);
      node.height = Math.round(box.height * ratio);
      const pen = node.getContext("2d");
      pen.scale(ratio, ratio);
      return [pen, box.width, box.height];
    };
    const [ruler, wide, deep] = prepare(this.ruler);
    const step = 18, count = Math.floor(wide / step);
    const from = Math.max(0, this.letters.length - count);
    ruler.font = `13px ${style.fontFamily}`;
    ruler.textAlign = "center";
    this.letters.slice(from).forEach((letter, n) => {
      ruler.fillStyle = this.tone(from + n < this.given ? "--soft" : "--ink");
      ruler.fillText(letter.trim() || (letter === "\n" ? "↵" : ""), (n + 0.5) * step, deep - 5);
    });
    for (const { gate, node } of this.canvases) {
      const [pen, , high] = prepare(node);
      pen.fillStyle = this.tone(`--${gate}`);
      const tall = high / Math.max(1, rows.length);
      this.strip.slice(from).forEach((gates, n) => rows.forEach((unit, k) => {
        pen.globalAlpha = gates[gate][unit];
        pen.fillRect(n * step, k * tall, step - 1, tall);
      }));
    }
  }

  /** A CSS colour as the canvas understands it. */
  tone(name) {
    this.probe ??= this.shadowRoot.appendChild(h("span", { hidden: true }));
    this.probe.style.color = `var(${name})`;
    return getComputedStyle(this.probe).color;
  }
}

define("writer", Writer);
