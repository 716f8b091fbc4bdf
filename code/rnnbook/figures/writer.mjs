// The book's syllable LSTM in plain JavaScript: the reader begins, it goes on, and its gates are seen at work.
import { Figure, button, clamp, define, fixed, h, mulberry, put, s, sigmoid, slider } from "./kit.mjs";

/** A model in the file format of rnnbook/pretrained.py. */
export class Model {
  static async open(buffer) {
    const bytes = new Uint8Array(buffer);
    if (new TextDecoder().decode(bytes.subarray(0, 8)) !== "RNNBOOK1") throw new Error("not a model file");
    const end = 12 + new DataView(buffer).getUint32(8, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, end)));
    const stream = new Blob([bytes.subarray(end)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Model(header, await new Response(stream).arrayBuffer());
  }

  constructor(header, body) {
    const { arrays, vocab, model, about } = header;
    this.sizes = model;
    this.about = about;
    this.tokens = vocab.tokens;
    this.ids = new Map(vocab.tokens.map((token, id) => [token, id]));
    this.unknown = vocab.unk === null ? -1 : 0;
    this.units = about.units ?? [...Array(Math.min(24, model.hidden_size)).keys()];
    let real = 0, integer = 4 * arrays.reduce((sum, [, shape]) => sum + shape[0], 0);
    for (const [name, [rows, columns]] of arrays) {
      const reals = new Float32Array(body, real, rows);
      real += 4 * rows;
      this[name] = reals;
      if (columns === undefined) continue;
      const q = new Int8Array(body, integer, rows * columns);
      integer += rows * columns;
      this[name] = Float32Array.from(q, (x, n) => x * reals[Math.floor(n / columns)]);
    }
  }

  encode(text) {
    return [...text.normalize("NFC")].map((letter) => this.ids.get(letter) ?? this.unknown);
  }

  start() {
    const H = this.sizes.hidden_size;
    return { h: new Float64Array(H), c: new Float64Array(H) };
  }

  /** Reads one token from a state: gates i f g o, new c and h, logits of the next token. */
  read(before, id) {
    const { hidden_size: H, embed_size: E } = this.sizes;
    const a = Float64Array.from(this["rnn.bias_ih_l0"], (b, n) => b + this["rnn.bias_hh_l0"][n]);
    add(a, this["rnn.weight_ih_l0"], this["embedding.weight"].subarray(id * E, (id + 1) * E));
    add(a, this["rnn.weight_hh_l0"], before.h);
    const out = Object.fromEntries(["i", "f", "g", "o", "c", "h"].map((name) => [name, new Float64Array(H)]));
    for (let k = 0; k < H; k++) {
      out.i[k] = sigmoid(a[k]);
      out.f[k] = sigmoid(a[H + k]);
      out.g[k] = Math.tanh(a[2 * H + k]);
      out.o[k] = sigmoid(a[3 * H + k]);
      out.c[k] = out.f[k] * before.c[k] + out.i[k] * out.g[k];
      out.h[k] = out.o[k] * Math.tanh(out.c[k]);
    }
    out.logits = add(Float64Array.from(this["head.bias"]), this["head.weight"], out.h);
    return out;
  }
}

/** y += W x, W given by rows. */
function add(y, W, x) {
  const columns = x.length;
  for (let r = 0, p = 0; r < y.length; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, p++) sum += W[p] * x[c];
    y[r] += sum;
  }
  return y;
}

/** Probabilities at a temperature; the unknown token is never written. Temperature 0: all on the likeliest. */
export function chances(logits, temperature, unknown = -1) {
  const p = Float64Array.from(logits);
  if (unknown >= 0) p[unknown] = -Infinity;
  const top = p.reduce((a, b) => Math.max(a, b), -Infinity);
  if (temperature === 0) {
    const best = p.indexOf(top);
    return p.map((_, k) => (k === best ? 1 : 0));
  }
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += p[k] = Math.exp((p[k] - top) / temperature);
  return p.map((x) => x / sum);
}

/** The token at place u in [0, 1) of the probabilities laid side by side. */
export function choose(p, u) {
  let k = 0;
  for (let sum = p[0]; sum <= u && k < p.length - 1; sum += p[k]) k++;
  return k;
}

/** The opening context: a new paragraph, or a new story where nothing is given. */
export const lead = (prompt) => (prompt ? "\n" : "\n\n");

/** Token ids written after a prompt; the same seed writes the same text (mulberry32, one draw a token). */
export function compose(model, prompt, steps, { temperature, seed }) {
  const draw = mulberry(seed), written = [];
  let out = model.start();
  for (const id of model.encode(lead(prompt) + prompt)) out = model.read(out, id);
  for (let n = 0; n < steps; n++) {
    written.push(choose(chances(out.logits, temperature, model.unknown), draw()));
    out = model.read(out, written.at(-1));
  }
  return written;
}

/** Is it time to stop? A story ends at a blank line; a long one rests where a sentence is over. */
export function rest(letters, count) {
  const [before, last] = letters.slice(-2);
  if (last === "\n" && before === "\n") return "story";
  const over = last === "\n" || (last === " " && ".?!…”".includes(before));
  return count >= LONG && (over || count >= 1.5 * LONG) ? "pause" : "";
}

const LONG = 200, PACE = 75, SHADES = 10;
const GATES = [["f", "망각 게이트"], ["i", "입력 게이트"], ["o", "출력 게이트"]];
const NAMED = { " ": "(빈칸)", "\n": "(줄바꿈)", "<unk>": "(모르는 글자)" };
const shown = (letter) => NAMED[letter] ?? letter;
const quoted = (letter) => NAMED[letter] ?? `‘${letter}’`;

class Writer extends Figure {
  static style = `
    .first { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 0.8rem; font-size: 0.9rem; }
    .text { width: 100%; min-width: 0; min-height: 2.3rem; cursor: text; font-size: 1rem; }
    .temperature .slider { grid-template-columns: auto 1fr minmax(2.6rem, auto); }
    .temperature .label { min-width: 2.9rem; }
    .temperature { margin: 0.35rem 0 0.55rem; }
    .paper { height: 11.5rem; margin: 0.8rem 0 0; padding: 0.75rem 1rem; overflow-y: auto; border-radius: 9px; background: var(--panel); font-size: 1.08rem; line-height: 1.8; }
    .paper p { margin: 0 0 0.35em; white-space: pre-wrap; }
    .paper .given { color: var(--o); }
    .paper small { color: var(--soft); font-size: 0.7em; }
    .paper span { cursor: pointer; }
    .paper .here { border-radius: 2px; background: var(--o); color: var(--sheet); }
    .paper .here small { color: inherit; }
    .paper .caret { display: inline-block; width: 2px; height: 1.05em; margin-left: 1px; vertical-align: -0.15em; background: var(--red); cursor: auto; }
    .writing .caret { animation: blink 1s steps(2) infinite; }
    @keyframes blink { 50% { opacity: 0; } }
    .inside { margin-top: 0.9rem; }
    svg { cursor: crosshair; touch-action: pan-y; }
    svg .bed { fill: var(--panel); }
    svg .cells { fill: currentcolor; }
    svg .row { fill: none; stroke: var(--ink); stroke-width: 1.2; }
    svg .column { fill: none; stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; opacity: 0.65; }
    svg .axis { stroke: var(--edge); stroke-width: 1; fill: none; }
    svg .curve { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
    svg .dot { fill: var(--ink); stroke: var(--sheet); stroke-width: 2; }
    svg .small { font-size: 12px; } .mid { text-anchor: middle; } .end { text-anchor: end; }
    .reading { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 0.2rem 1.8rem; margin-top: 0.4rem; }
    h4 { margin: 0.6rem 0 0.3rem; font-size: 0.86rem; font-weight: 600; color: var(--soft); }
    h4 b { color: var(--ink); }
    dl { display: grid; grid-template-columns: auto 1fr 3rem; gap: 0.15rem 0.7rem; margin: 0; font-size: 0.88rem; align-items: center; }
    dt, dd { margin: 0; } dd { text-align: right; }
    .gauge { height: 7px; border-radius: 4px; background: linear-gradient(currentcolor, currentcolor) 0 / var(--share) 100% no-repeat var(--rule); }
    .signed { background: linear-gradient(currentcolor, currentcolor) var(--from) 0 / var(--share) 100% no-repeat var(--rule); }
    ol { display: grid; grid-template-columns: auto 1fr 3rem; gap: 0.15rem 0.7rem; margin: 0; padding: 0; list-style: none; font-size: 0.88rem; align-items: center; }
    li { display: contents; }
    li b { font-weight: 500; min-width: 3.2rem; } li.chosen b { font-weight: 700; color: var(--red); }
    li.chosen .gauge { color: var(--red); } li .gauge { color: var(--edge); } li span { text-align: right; }
    @media (prefers-reduced-motion: reduce) { .writing .caret { animation: none; } }
    @media print { .paper { height: auto; } }
  `;

  build(root) {
    const { prompt, temperature, seed, bytes } = this.settings;
    this.temperature = clamp(temperature, 0, 1.5);
    this.seed = seed;
    this.field = h("input", { class: "text", type: "text", value: prompt, maxlength: 80, autocomplete: "off", spellcheck: "false",
      oninput: () => this.edited(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.fresh();
      } });
    this.heat = slider({ label: "온도", min: 0, max: 1.5, step: 0.05, value: this.temperature, color: "var(--red)",
      input: (t) => { this.temperature = t; this.read(); } });
    this.go = button("시작", () => (this.timer ? this.halt("멈추었습니다.") : this.stale ? this.fresh() : this.write()), { class: "main" });
    this.once = button("한 글자씩", () => this.single());
    this.again = button("처음부터", () => this.fresh(), { disabled: true });
    this.paper = h("div", { class: "paper", tabindex: 0, role: "group", "aria-label": "이어 쓴 글" });
    this.paper.addEventListener("pointerover", (event) => this.point(event.target.closest("[data-n]")));
    this.paper.addEventListener("pointerdown", (event) => {
      const letter = event.target.closest("[data-n]");
      this.point(letter);
      if (letter) this.letter.field.focus({ preventScroll: true });
    });
    this.paper.addEventListener("pointerleave", () => { if (this.timer) this.follow = true; });
    this.status = h("p", { class: "note" }, `‘시작’을 누르면 모형(${(bytes / 1e6).toFixed(1)} MB)을 한 번 내려받고, 그다음부터는 브라우저 안에서 계산합니다.`);

    this.svg = s("svg", { role: "img" });
    for (const kind of ["pointermove", "pointerdown"]) this.svg.addEventListener(kind, (event) => this.touch(event, kind === "pointerdown"));
    this.letter = slider({ label: "글자", aria: "볼 글자", min: 1, max: 1, step: 1, value: 1, color: "var(--ink)",
      show: (n) => `${n}번째`, input: (n) => { this.select(n - 1); this.tell(); } });
    this.unit = slider({ label: "성분", aria: "볼 성분", min: 1, max: 1, step: 1, value: 1, color: "var(--ink)",
      show: (n) => `${this.model?.units[n - 1] ?? 0}번`, input: (n) => { this.row = n - 1; this.paint(); this.read(); this.tell(); } });
    this.reading = h("div", { class: "reading" });
    this.note = h("p", { class: "note" });
    this.inside = h("div", { class: "inside", hidden: true }, this.svg,
      h("div", { class: "controls" }, this.letter.root, this.unit.root), this.reading, this.note);
    root.append(
      h("label", { class: "first" }, h("span", {}, "첫머리"), this.field),
      h("div", { class: "temperature" }, this.heat.root),
      h("div", { class: "row" }, this.go, this.once, this.again),
      this.paper, this.status, this.inside);
    this.letters = [];
    this.stale = true;
    this.preview();
  }

  // --- the text ------------------------------------------------------------------------------------------------

  /** Before the first letter is written the paper shows what is being typed. */
  preview() {
    this.paper.replaceChildren(h("p", {}, h("span", { class: "given" }, this.field.value), this.caret = h("span", { class: "caret", "aria-hidden": "true" })));
  }

  edited() {
    if (!this.letters.length) this.preview();
    if (!this.timer) {
      this.stale = true;
      this.go.textContent = "시작";
      this.go.disabled = false;
    }
  }

  async load() {
    if (this.model) return true;
    this.go.disabled = this.once.disabled = true;
    this.status.textContent = "모형을 내려받고 있습니다…";
    try {
      this.model = await Model.open(await this.payload());
      this.status.textContent = "";
    } catch {
      this.status.textContent = "모형을 내려받지 못했습니다. 인터넷 연결을 확인하고 다시 누르십시오.";
      this.say(this.status.textContent);
    }
    this.go.disabled = this.once.disabled = false;
    if (!this.model) return false;
    const { sizes, units, about } = this.model;
    this.row = Math.floor(units.length / 3);
    this.unit.field.max = units.length;
    this.unit.set(this.row + 1);
    this.note.textContent = `성분 ${sizes.hidden_size}개 가운데 ${units.length}개를 기억이 오래가는 것부터 늘어놓았습니다. 진할수록 게이트가 열려 있습니다.`
      + (about.held_out_bits ? ` 처음 보는 이야기에서 이 모형의 글자당 비트는 ${fixed(about.held_out_bits)}입니다.` : "");
    return true;
  }

  /** A new text from the beginning that stands in the field, with the next seed. */
  async fresh() {
    this.halt();
    if (!(await this.load())) return;
    this.begin();
    this.write();
  }

  begin() {
    const prompt = this.field.value.normalize("NFC");
    this.draw01 = mulberry(this.seed++);
    this.letters = [];
    this.stale = this.ended = false;
    this.caret = h("span", { class: "caret", "aria-hidden": "true" });
    this.line = h("p", {}, this.caret);
    this.paper.replaceChildren(this.line);
    this.inside.hidden = false;
    this.again.disabled = false;
    this.from = 0;
    this.follow = true;
    this.state = this.model.start();
    for (const id of this.model.encode(lead(prompt))) this.state = this.model.read(this.state, id);
    for (const [n, id] of this.model.encode(prompt).entries()) this.take(id, [...prompt][n]);
    this.given = this.letters.length;
    const strange = [...new Set([...prompt])].filter((letter) => !this.model.ids.has(letter));
    this.status.textContent = strange.length ? `모형이 배우지 않은 글자: ${strange.join(" ")}` : "";
    if (this.given) this.select(this.given - 1, true);
  }

  /** One token goes in; it appears on the paper. */
  take(id, given) {
    const letter = given ?? this.model.tokens[id], n = this.letters.length;
    this.state = this.model.read(this.state, id);
    const span = h("span", { "data-n": n, class: given ? "given" : "" }, letter === "\n" ? h("small", {}, "↵") : letter);
    this.letters.push({ id, letter, span, given: Boolean(given), ...this.state });
    this.caret.before(span);
    if (letter === "\n") {
      this.line = h("p", {}, this.caret);
      this.paper.append(this.line);
    }
  }

  next() {
    this.take(choose(chances(this.state.logits, this.temperature, this.model.unknown), this.draw01()));
    this.written += 1;
    return rest(this.letters.map(({ letter }) => letter), this.written);
  }

  async single() {
    this.halt();
    if (!(await this.load())) return;
    if (this.stale) this.begin();
    if (this.ended) return;
    this.written = 0;
    this.ended = this.next() === "story";
    this.follow = true;
    this.select(this.letters.length - 1, true);
    this.halt();
    this.tell();
  }

  async write() {
    if (!(await this.load())) return;
    if (this.stale) this.begin();
    this.written = 0;
    this.go.textContent = "멈춤";
    this.paper.classList.add("writing");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;   // a sentence at a time
    const beat = () => {
      let stop = "";
      do stop = this.next(); while (calm && !stop && !".?!\n".includes(this.letters.at(-1).letter));
      if (this.follow) this.select(this.letters.length - 1, true);
      else this.letter.field.max = this.letters.length;
      if (stop || !this.isConnected) {
        this.ended = stop === "story";
        this.halt(this.ended ? "이야기가 끝났습니다." : "잠시 멈추었습니다. ‘이어서’를 누르면 더 씁니다.");
      } else this.timer = setTimeout(beat, calm ? 12 * PACE : PACE);
    };
    this.timer = setTimeout(beat, PACE);
  }

  halt(words = "") {
    clearTimeout(this.timer);
    this.timer = null;
    this.paper.classList.remove("writing");
    this.letters[this.at]?.span.classList.add("here");
    this.go.textContent = this.letters.length && !this.stale ? "이어서" : "시작";
    this.go.disabled = Boolean(this.ended && !this.stale);
    if (!words) return;
    this.status.textContent = words;
    this.say(`${words} ${this.letters.slice(-this.written).map(({ letter }) => letter).join("")}`);
  }

  // --- looking inside ------------------------------------------------------------------------------------------

  point(span) {
    if (!span) return;
    this.follow = false;
    this.select(Number(span.dataset.n));
  }

  touch(event, press) {
    if (!this.grid) return;
    const box = this.svg.getBoundingClientRect(), { W, step, from, bands, tall } = this.grid;
    const x = (event.clientX - box.left) / box.width * W, y = (event.clientY - box.top) / box.width * W;
    const n = from + Math.floor(x / step);
    const band = bands.find((top) => y >= top && y < top + tall * this.model.units.length);
    if (press && band !== undefined) {
      this.row = clamp(Math.floor((y - band) / tall), 0, this.model.units.length - 1);
      this.unit.set(this.row + 1);
    }
    if (n >= 0 && n < this.letters.length) {
      this.follow = false;
      this.select(n);
    }
    if (press) this.tell();
  }

  select(n, follow = false) {
    this.letters[this.at]?.span.classList.remove("here");
    this.at = n;
    const { span } = this.letters[n];
    if (!(follow && this.timer)) span.classList.add("here");
    this.follow = follow;
    this.letter.field.max = this.letters.length;
    this.letter.set(n + 1);
    if (follow) this.paper.scrollTop = this.paper.scrollHeight;
    this.paint();
    this.read();
  }

  tell() {
    const at = this.letters[this.at], unit = this.model.units[this.row];
    this.say(`${this.at + 1}번째 글자 ${quoted(at.letter)}, 성분 ${unit}번: ${GATES.map(([gate, name]) => `${name} ${fixed(at[gate][unit])}`).join(", ")}, 셀 상태 ${fixed(at.c[unit])}`);
  }

  draw(width) {
    this.width = width;
    this.paint();
  }

  /** A column a letter, a row a unit: three gates, and the cell state of the chosen unit. */
  paint() {
    if (!this.letters.length || this.at === undefined) return;
    const { units } = this.model, W = Math.max(this.width, 280), narrow = W < 500;
    const step = narrow ? 17 : 18, columns = Math.floor(W / step), tall = narrow ? 3.25 : 4;
    const last = this.letters.length - columns;
    if (this.follow) this.from = Math.max(0, last);
    else if (this.at < this.from || this.at >= this.from + columns) this.from = clamp(this.at - Math.floor(columns / 2), 0, Math.max(0, last));
    const from = this.from, seen = this.letters.slice(from, from + columns), unit = units[this.row];
    const body = seen.map(({ letter, given }, n) => put((n + 0.5) * step, 15, letter === "\n" ? "↵" : letter.trim(), { class: `mid ${given ? "o" : ""}`, style: "font-size:14.5px" }));
    const bands = [];
    let y = 24;
    for (const [gate, name] of GATES) {
      const top = y + 19, deep = tall * units.length, shades = Array.from({ length: SHADES + 1 }, () => "");
      seen.forEach((at, n) => units.forEach((k, r) => {
        shades[Math.round(SHADES * at[gate][k])] += `M${n * step} ${(top + r * tall).toFixed(2)}h${step - 1}v${tall}h${1 - step}z`;
      }));
      body.push(put(0, y + 13, [`${name} `, s("tspan", { class: "var" }, gate)], { class: `small bold ${gate}` }),
        s("rect", { x: 0, y: top, width: columns * step - 1, height: deep, class: "bed" }),
        s("g", { class: gate, style: `color: var(--${gate})` }, shades.map((d, n) => (d && n ? s("path", { d, class: "cells", opacity: n / SHADES }) : null))),
        s("rect", { x: -1, y: top + this.row * tall - 0.6, width: columns * step + 1, height: tall + 1.2, class: "row" }));
      bands.push(top);
      y = top + deep + 4;
    }
    const top = y + 24, bottom = top + 56, mid = (top + bottom) / 2;
    const reach = Math.max(1, ...seen.map(({ c }) => Math.abs(c[unit])));
    const Y = (v) => mid - ((bottom - top) / 2) * (v / reach);
    body.push(put(0, y + 15, [`성분 ${unit}번의 셀 상태 `, s("tspan", { class: "var" }, "c"), s("tspan", { class: "soft", "font-weight": 400 }, `   −${fixed(reach, 1)} … ${fixed(reach, 1)}`)], { class: "small bold", "xml:space": "preserve" }),
      s("path", { class: "axis", d: `M0 ${mid}H${columns * step}` }),
      s("path", { class: "curve", d: `M${seen.map(({ c }, n) => `${(n + 0.5) * step} ${Y(c[unit]).toFixed(1)}`).join("L")}` }));
    if (this.at >= from && this.at < from + columns) {
      const x = (this.at - from) * step;
      body.push(s("rect", { x: x - 0.5, y: 1, width: step, height: bottom - 1, rx: 3, class: "column" }),
        s("circle", { cx: x + step / 2, cy: Y(this.letters[this.at].c[unit]), r: 4.5, class: "dot" }));
    }
    this.grid = { W, step, from, bands, tall };
    this.svg.setAttribute("viewBox", `0 0 ${W} ${bottom + 6}`);
    this.svg.setAttribute("aria-label", `글자 ${seen.length}개를 읽는 동안 성분 ${units.length}개의 망각, 입력, 출력 게이트가 열린 정도와 성분 ${unit}번의 셀 상태`);
    this.svg.replaceChildren(...body);
  }

  /** The chosen letter: the unit's numbers, and what the model expects next at the temperature of the slider. */
  read() {
    const at = this.letters[this.at];
    if (!at) return;
    const unit = this.model.units[this.row], after = this.letters[this.at + 1];
    const gauge = (name, letter, value, signed) => [
      h("dt", { class: letter }, `${name} `, h("var", {}, letter)),
      h("div", { class: `gauge ${signed ? "signed" : ""} ${letter}`, "aria-hidden": "true", style: signed
        ? `--share: ${50 * Math.min(1, Math.abs(value))}%; --from: ${bar(value)}%` : `--share: ${100 * value}%` }),
      h("dd", { class: "bold" }, fixed(value))];
    const p = chances(at.logits, this.temperature, this.model.unknown);
    const best = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, 5);
    if (after && !best.includes(after.id)) best[4] = after.id;
    this.reading.replaceChildren(
      h("div", {}, h("h4", {}, h("b", {}, quoted(at.letter)), `, 성분 ${unit}번`),
        h("dl", {}, gauge("망각", "f", at.f[unit]), gauge("입력", "i", at.i[unit]), gauge("출력", "o", at.o[unit]),
          gauge("후보", "g", at.g[unit], true), gauge("셀 상태", "c", at.c[unit], true), gauge("은닉 상태", "h", at.h[unit], true))),
      h("div", {}, h("h4", {}, `다음 글자의 확률 (온도 ${fixed(this.temperature)})`),
        h("ol", {}, best.map((k) => h("li", { class: after?.id === k ? "chosen" : "" }, h("b", {}, shown(this.model.tokens[k])),
          h("div", { class: "gauge", "aria-hidden": "true", style: `--share: ${100 * p[k]}%` }), h("span", {}, percent(p[k])))))));
  }
}

/** Where a bar from the middle begins, as a CSS background position. */
function bar(value) {
  const share = 50 * Math.min(1, Math.abs(value)), start = value < 0 ? 50 - share : 50;
  return (100 * start) / (100 - share);
}
const percent = (p) => (p >= 0.995 ? "100%" : p >= 0.0995 ? `${Math.round(100 * p)}%` : p >= 0.001 ? `${fixed(100 * p, 1)}%` : "< 0.1%");

define("writer", Writer);
