// One unit's state over a sentence: coloured characters, a curve, and all units at the chosen step.
import { Figure, button, clamp, define, fixed, h, put, s, slider } from "./kit.mjs";

/** Channels x units x steps from int8, as SequenceScrubber.payload() packs them. */
export function unpack(buffer, { tokens, units, channels }) {
  const bytes = new Int8Array(buffer);
  const T = tokens.length, U = units.length;
  return channels.map(([, scales], c) => units.map((_, u) =>
    Float32Array.from(bytes.subarray((c * U + u) * T, (c * U + u + 1) * T), (q) => (q / 127) * scales[u])));
}

const tint = (share) => `color-mix(in srgb, var(--${share < 0 ? "neg" : "pos"}) ${Math.round(100 * Math.min(1, Math.abs(share)))}%, transparent)`;
const shown = (token) => (token === " " ? "빈칸" : token === "\n" ? "줄바꿈" : `‘${token}’`);

class SequenceScrubber extends Figure {
  static style = `
    :host { --pos: light-dark(#8fa9ea, #3d5396); --neg: light-dark(#f2b083, #8a4b1f); }
    .bar { justify-content: space-between; gap: 0.5rem 1rem; margin-bottom: 0.7rem; }
    .bar label { font-size: 0.9rem; }
    select { padding-right: 0.4rem; }
    .step { min-width: 2.2rem; padding: 0.2rem 0.5rem; }
    .words { margin: 0; padding: 0.5rem 0.7rem; border-radius: 9px; background: var(--panel); font-size: 1.12rem; line-height: 1.95; word-break: break-all; white-space: pre-wrap; cursor: pointer; touch-action: pan-y; max-height: 19rem; overflow-y: auto; position: relative; }
    .words span { padding: 0.2em 0.03em; transition: background-color 0.15s; }
    .words .here { outline: 2px solid var(--ink); outline-offset: -1px; border-radius: 3px; font-weight: 650; }
    .words small { color: var(--soft); font-size: 0.7em; }
    .words .later { color: var(--soft); }
    svg .axis { stroke: var(--edge); stroke-width: 1; fill: none; }
    svg .curve { fill: none; stroke: var(--o); stroke-width: 2; stroke-linejoin: round; }
    svg .cursor { stroke: var(--ink); stroke-width: 1.2; }
    svg .dot { fill: var(--o); stroke: var(--sheet); stroke-width: 2; }
    svg .small { font-size: 12px; } .end { text-anchor: end; }
    .chart { margin-top: 0.6rem; cursor: ew-resize; touch-action: pan-y; }
    .read { margin: 0.2rem 0 0; font-size: 0.92rem; }
    .all { display: flex; flex-wrap: wrap; gap: 2px; margin-top: 0.7rem; }
    .all i { width: 13px; height: 13px; border-radius: 3px; box-shadow: inset 0 0 0 1px var(--rule); cursor: pointer; }
    .all i.here { box-shadow: inset 0 0 0 2px var(--ink); }
    h4 { margin: 0.9rem 0 -0.3rem; font-size: 0.82rem; font-weight: 600; color: var(--soft); }
    @media (prefers-reduced-motion: reduce) { .words span { transition: none; } }
  `;

  build(root) {
    const { tokens, units, unit, channels, note } = this.settings;
    this.now = { channel: 0, unit: units.indexOf(unit), t: tokens.length - 1 };
    this.widest = channels.map(([, scales]) => Math.max(...scales));
    this.select = h("select", { "aria-label": "유닛", onchange: () => this.choose({ unit: this.select.selectedIndex }) },
      units.map((k, n) => h("option", { value: n }, `${k}`)));
    const turn = (by) => this.choose({ unit: (this.now.unit + by + units.length) % units.length });
    this.tabs = channels.map(([name], n) => button(name, () => this.choose({ channel: n })));
    this.spans = tokens.map((token) => h("span", {}, token === "\n" ? h("small", {}, "↵\n") : token));
    this.words = h("p", { class: "words" }, this.spans);
    const pick = (event) => {
      if (event.type === "pointermove" && !(event.buttons & 1)) return;
      const n = this.spans.indexOf(event.composedPath()[0].closest?.("span"));
      if (n >= 0) this.choose({ t: n });
    };
    this.words.addEventListener("pointerdown", pick);
    this.words.addEventListener("pointermove", pick);
    this.svg = s("svg", { role: "img", class: "chart" });
    const drag = (event) => {
      if (event.type === "pointermove" && !(event.buttons & 1)) return;
      const box = this.svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width * this.W - 40) / (this.W - 52);
      this.choose({ t: Math.round(clamp(share, 0, 1) * (tokens.length - 1)) });
    };
    this.svg.addEventListener("pointerdown", drag);
    this.svg.addEventListener("pointermove", drag);
    this.time = slider({ label: "시점 t", min: 0, max: tokens.length - 1, step: 1, value: 0,
      show: (t) => `${t}`, input: (t) => this.choose({ t }) });
    this.read = h("p", { class: "read" });
    this.cells = units.map((k, n) => h("i", { title: `유닛 ${k}`, onclick: () => this.choose({ unit: n }) }));
    this.all = h("div", { class: "all", "aria-hidden": "true" }, this.cells);
    root.append(
      h("div", { class: "row bar" },
        h("div", { class: "row", role: "group", "aria-label": "무엇을 볼까" }, channels.length > 1 ? this.tabs : h("span", { class: "bold" }, channels[0][0])),
        units.length > 1 ? h("div", { class: "row" }, h("span", { "aria-hidden": "true" }, "유닛"), button("◀", () => turn(-1), { class: "step", "aria-label": "앞 유닛" }), this.select,
          button("▶", () => turn(1), { class: "step", "aria-label": "다음 유닛" })) : h("span", {}, `유닛 ${units[0]}`)),
      this.words, this.svg, this.time.root, this.read,
      units.length > 1 ? h("h4", {}, "이 시점의 모든 유닛") : "", units.length > 1 ? this.all : "",
      note ? h("p", { class: "note" }, note) : "");
    this.payload().then((buffer) => {
      this.data = unpack(buffer, this.settings);
      this.choose({});
    }).catch(() => { this.read.textContent = "그림의 자료를 받지 못했습니다. 페이지를 새로 고치십시오."; });
  }

  choose(change) {
    Object.assign(this.now, change);
    if (!this.data) return;
    const { tokens, units, channels } = this.settings;
    const { channel, unit, t } = this.now;
    const [name, scales] = channels[channel];
    const track = this.data[channel][unit], scale = scales[unit];
    this.tabs.forEach((tab, n) => tab.setAttribute("aria-pressed", n === channel));
    this.select.selectedIndex = unit;
    this.time.set(t);
    for (const [n, span] of this.spans.entries()) {
      span.style.backgroundColor = n <= t ? tint(track[n] / scale) : "";
      span.className = n === t ? "here" : n > t ? "later" : "";
    }
    const here = this.spans[t], box = this.words;
    if (here.offsetTop < box.scrollTop || here.offsetTop + 40 > box.scrollTop + box.clientHeight) box.scrollTop = here.offsetTop - box.clientHeight / 2;
    for (const [n, cell] of this.cells.entries()) {
      cell.style.backgroundColor = tint(this.data[channel][n][t] / this.widest[channel]);
      cell.className = n === unit ? "here" : "";
    }
    const words = [`${shown(tokens[t])}까지 읽은 뒤 ${name}, 유닛 ${units[unit]}: `, fixed(track[t])];
    this.read.replaceChildren(words[0], h("span", { class: "bold" }, words[1]));
    this.say(words.join(""));
    this.draw(this.width);
  }

  draw(width) {
    this.width = width;
    if (!this.data) return;
    const { units, channels } = this.settings;
    const { channel, unit, t } = this.now;
    const [name, scales] = channels[channel];
    const track = this.data[channel][unit], scale = scales[unit];
    const W = this.W = Math.max(width, 260), left = 40, right = W - 12, top = 8, bottom = 104;
    const lowest = track.some((v) => v < 0) ? -scale : 0;
    const X = (n) => left + ((right - left) * n) / Math.max(1, track.length - 1);
    const Y = (v) => bottom - ((bottom - top) * (v - lowest)) / (scale - lowest);
    this.svg.setAttribute("viewBox", `0 0 ${W} ${bottom + 8}`);
    this.svg.setAttribute("aria-label", `${name}, 유닛 ${units[unit]}의 값이 시점마다 변하는 곡선`);
    this.svg.replaceChildren(
      s("path", { class: "axis", d: `M${left} ${top}V${bottom}M${left} ${Y(0)}H${right}` }),
      ...[...new Set([lowest, 0, scale])].map((v) => put(left - 6, Y(v) + 4, fixed(v, 1), { class: "end soft small" })),
      s("path", { class: "curve", d: `M${[...track].map((v, n) => `${X(n).toFixed(1)} ${Y(v).toFixed(1)}`).join("L")}` }),
      s("path", { class: "cursor", d: `M${X(t)} ${top}V${bottom}` }),
      s("circle", { class: "dot", cx: X(t), cy: Y(track[t]), r: 5 }));
  }
}

define("sequence_scrubber", SequenceScrubber);
