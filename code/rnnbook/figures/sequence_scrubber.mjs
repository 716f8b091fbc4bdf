// One unit's state over a text: coloured characters, its course in time, and all units at the chosen step.
import { Figure, button, clamp, define, fixed, h, put, s, slider } from "./kit.mjs";

/** Values [channel][unit] -> Float32Array(T) from the int8 numbers of SequenceScrubber.numbers(). */
export function unpackTracks(bytes, { tokens, units, channels }) {
  const T = tokens.length, U = units.length;
  return channels.map(([, scales], c) => units.map((_, u) =>
    Float32Array.from(bytes.subarray((c * U + u) * T, (c * U + u + 1) * T), (q) => (q / 127) * scales[u])));
}

/** What a screen reader hears: 17번째 글자 ‘닫’, 성분 3번의 셀 상태 c = 0.82 */
export function spoken(token, t, unit, channel, value, digits = 2) {
  const letter = { " ": "(빈칸)", "\n": "(줄바꿈)" }[token] ?? ` ‘${token}’`;
  return `${t + 1}번째 글자${letter}, 성분 ${unit}번의 ${channel} = ${fixed(value, digits)}`;
}

/** Digits after the point that a byte still knows: the step is scale / 127. */
export const digitsOf = (scale) => (scale <= 1.3 ? 2 : scale <= 13 ? 1 : 0);

const tint = (share) => {
  const percent = Math.round(100 * Math.min(1, Math.abs(share)));
  return percent ? `color-mix(in srgb, var(--${share < 0 ? "neg" : "pos"}) ${percent}%, transparent)` : "";
};
const bytesOf = (base64) => Int8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

class SequenceScrubber extends Figure {
  static style = `
    :host { --pos: light-dark(#8fa9ea, #3d5396); --neg: light-dark(#f2b083, #8a4b1f); }
    .bar { justify-content: space-between; gap: 0.5rem 1rem; margin-bottom: 0.8rem; }
    .bar .row { flex-wrap: nowrap; } .bar .tabs { flex-wrap: wrap; }
    .unit { font-size: 0.9rem; }
    select { padding: 0.2rem 0.3rem 0.2rem 0.6rem; font-variant-numeric: tabular-nums; }
    .step { min-width: 2.2rem; padding: 0.2rem 0.4rem; }
    .words { margin: 0; padding: 0.55rem 0.75rem 0.65rem; border-radius: 9px; background: var(--panel); font-size: 1.12rem; line-height: 2; white-space: pre-wrap; cursor: crosshair; touch-action: pan-y; -webkit-user-select: none; user-select: none; }
    .words span { padding: 0.22em 0 0.26em; transition: background-color 0.15s; }
    .words .here { outline: 2px solid var(--ink); outline-offset: 0; border-radius: 2px; }
    .words small { color: var(--soft); font-size: 0.72em; }
    .read { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.2rem 1.2rem; margin: 0.65rem 0 0.3rem; font-size: 0.92rem; }
    .scale { display: inline-flex; align-items: center; gap: 0.5em; color: var(--soft); font-size: 0.82rem; white-space: nowrap; }
    .scale i { width: 7.5rem; height: 0.8rem; border-radius: 3px; background: linear-gradient(90deg, var(--neg), var(--panel), var(--pos)); box-shadow: inset 0 0 0 1px var(--rule); }
    .scale .up { background: linear-gradient(90deg, var(--panel), var(--pos)); }
    svg { cursor: crosshair; touch-action: pan-y; }
    svg .axis { stroke: var(--edge); stroke-width: 1; fill: none; }
    svg .pos { fill: var(--pos); } svg .neg { fill: var(--neg); }
    svg .curve { fill: none; stroke: var(--ink); stroke-width: 1.4; stroke-linejoin: round; }
    svg .cursor { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 3 3; }
    svg .dot { fill: var(--ink); stroke: var(--sheet); stroke-width: 2; }
    svg .small { font-size: 12px; } .end { text-anchor: end; }
    .slider { grid-template-columns: auto 1fr auto; margin-top: 0.2rem; }
    .all { display: flex; flex-wrap: wrap; gap: 2px; }
    .all i { width: 14px; height: 14px; border-radius: 3px; box-shadow: inset 0 0 0 1px var(--rule); cursor: pointer; }
    .all i.here { box-shadow: inset 0 0 0 2px var(--ink); }
    @media (prefers-reduced-motion: reduce) { .words span { transition: none; } }
    @media print { .all, h4 { display: none; } }
  `;

  build(root) {
    const { tokens, units, unit, at, channels, note, inline } = this.settings;
    this.now = { channel: 0, unit: units.indexOf(unit), t: at };
    const bytes = bytesOf(inline);
    if (bytes.length === tokens.length * units.length * channels.length) this.tracks = unpackTracks(bytes, this.settings);
    else {
      const [, scales] = channels[0];
      this.first = {
        track: Float32Array.from(bytes.subarray(0, tokens.length), (q) => (q / 127) * scales[this.now.unit]),
        shares: Float32Array.from(bytes.subarray(tokens.length), (q) => q / 127),
      };
    }

    this.select = h("select", { "aria-label": "성분", onchange: () => this.choose({ unit: this.select.selectedIndex }) },
      units.map((k) => h("option", {}, `${k}`)));
    const turn = (by) => this.choose({ unit: (this.now.unit + by + units.length) % units.length });
    this.tabs = channels.map(([name], n) => button(name, () => this.choose({ channel: n })));

    this.spans = tokens.map((token) => h("span", {}, token === "\n" ? [h("small", {}, "↵"), "\n"] : token));
    this.words = h("p", { class: "words", tabindex: 0, role: "group", "aria-label": "문장" }, this.spans);
    this.svg = s("svg", { role: "img" });
    this.scrub(this.words, (event) => this.spans.indexOf(this.shadowRoot.elementFromPoint(event.clientX, event.clientY)?.closest("span")));
    this.scrub(this.svg, (event) => {
      const box = this.svg.getBoundingClientRect(), { W, left, right } = this.box;
      const share = ((event.clientX - box.left) / box.width * W - left) / (right - left);
      return Math.round(clamp(share, 0, 1) * (tokens.length - 1));
    });
    this.time = slider({ label: "글자", aria: "볼 글자", min: 1, max: tokens.length, step: 1, value: 1, color: "var(--ink)",
      show: (t) => `${t} / ${tokens.length}`, input: (t) => this.choose({ t: t - 1 }) });
    this.read = h("span");
    this.scale = h("span", { class: "scale", "aria-hidden": "true" });
    this.cells = units.map((k, n) => h("i", { title: `성분 ${k}번`, onclick: () => this.choose({ unit: n }) }));

    const several = units.length > 1;
    root.append(
      h("div", { class: "row bar" },
        h("div", { class: "row tabs", role: "group", "aria-label": "볼 것" }, channels.length > 1 ? this.tabs : h("span", { class: "bold" }, channels[0][0])),
        several ? h("div", { class: "row unit" }, h("span", { "aria-hidden": "true" }, "성분"),
          button("◀", () => turn(-1), { class: "step", "aria-label": "앞 성분" }), this.select,
          button("▶", () => turn(1), { class: "step", "aria-label": "다음 성분" })) : h("span", { class: "unit" }, `성분 ${units[0]}번`)),
      this.words,
      h("p", { class: "read" }, this.read, this.scale),
      this.svg, this.time.root,
      ...(several ? [h("p", { class: "part" }, "이 글자를 읽은 뒤의 성분별 값"), h("div", { class: "all", "aria-hidden": "true" }, this.cells)] : []),
      ...(note ? [h("p", { class: "note" }, note)] : []));
    for (const kind of ["pointerenter", "focusin", "touchstart"]) this.addEventListener(kind, () => this.fetchAll(), { once: true, passive: true });
    this.choose({}, false);
  }

  /** The chosen unit through time; before all data has come, the first one. */
  track() {
    return this.tracks ? this.tracks[this.now.channel][this.now.unit] : this.first.track;
  }

  /** All channels and units, if they are not in the page already. */
  async fetchAll() {
    if (this.tracks) return;
    this.wait ??= this.payload().then((buffer) => {
      this.tracks = unpackTracks(new Int8Array(buffer), this.settings);
      this.choose({}, false);
    }).catch(() => {
      this.wait = null;
      this.read.textContent = "그림의 자료를 받지 못했습니다. 인터넷 연결을 확인하고 다시 누르십시오.";
      return false;
    });
    return this.wait;
  }

  /** Pointer and touch: the mouse chooses as it passes, a finger as it drags. */
  scrub(node, find) {
    const go = (event) => {
      const t = find(event);
      if (t >= 0) this.choose({ t });
    };
    node.addEventListener("pointermove", go);
    node.addEventListener("pointerdown", (event) => {
      go(event);
      if (event.pointerType === "mouse") event.preventDefault();
      this.time.field.focus({ preventScroll: true });
    });
  }

  async choose(change, aloud = true) {
    const before = { ...this.now };
    Object.assign(this.now, change);
    const { tokens, units, channels } = this.settings;
    const repaint = !this.painted || before.channel !== this.now.channel || before.unit !== this.now.unit;
    if (repaint && this.painted && !this.tracks && (await this.fetchAll()) === false) {
      Object.assign(this.now, before);
      this.select.selectedIndex = before.unit;
      return;
    }
    const { channel, unit, t } = this.now;
    const [name, scales] = channels[channel];
    const track = this.track(), scale = scales[unit];
    this.time.set(t + 1);
    if (repaint) {
      this.tabs.forEach((tab, n) => tab.setAttribute("aria-pressed", n === channel));
      this.select.selectedIndex = unit;
      this.spans.forEach((span, n) => { span.style.backgroundColor = tint(track[n] / scale); });
      this.lowest = track.some((v) => v < 0) ? -scale : 0;
      const edge = (v) => fixed(v, digitsOf(scale));
      this.scale.replaceChildren(edge(this.lowest), h("i", { class: this.lowest ? "" : "up" }), edge(scale));
      this.painted = true;
    }
    this.spans.forEach((span, n) => { span.className = n === t ? "here" : ""; });
    for (const [n, cell] of this.cells.entries()) {
      cell.style.backgroundColor = tint(this.tracks ? this.tracks[channel][n][t] / scales[n] : this.first.shares[n]);
      cell.className = n === unit ? "here" : "";
    }
    const words = spoken(tokens[t], t, units[unit], name, track[t], digitsOf(scale));
    const cut = words.lastIndexOf(" ") + 1;
    this.read.replaceChildren(words.slice(0, cut), h("span", { class: "bold" }, words.slice(cut)));
    if (aloud) this.say(words);
    if (this.width) this.draw(this.width);
  }

  draw(width) {
    this.width = width;
    const { units, channels } = this.settings;
    const { channel, unit, t } = this.now;
    const [name, scales] = channels[channel];
    const track = this.track(), scale = scales[unit], last = track.length - 1;
    const W = Math.max(width, 260), left = 40, right = W - 8, top = 10, bottom = 112;
    this.box = { W, left, right };
    const X = (n) => left + ((right - left) * n) / Math.max(1, last);
    const Y = (v) => bottom - ((bottom - top) * (v - this.lowest)) / (scale - this.lowest);
    const zero = Y(0).toFixed(1), points = [...track].map((v, n) => [X(n).toFixed(1), Y(v).toFixed(1), v]);
    const area = (keep) => `M${left} ${zero}${points.map(([x, y, v]) => `L${x} ${keep(v) ? y : zero}`).join("")}L${X(last).toFixed(1)} ${zero}z`;
    this.svg.setAttribute("viewBox", `0 0 ${W} ${bottom + 10}`);
    this.svg.setAttribute("aria-label", `성분 ${units[unit]}번의 ${name}, 글자마다 변하는 곡선`);
    this.svg.replaceChildren(
      s("path", { class: "pos", d: area((v) => v > 0) }), s("path", { class: "neg", d: area((v) => v < 0) }),
      s("path", { class: "axis", d: `M${left} ${top - 4}V${bottom + 4}M${left} ${zero}H${right}` }),
      ...[...new Set([this.lowest, 0, scale])].map((v) => put(left - 6, Y(v) + 4, v ? fixed(v, digitsOf(scale)) : "0", { class: "end soft small" })),
      s("path", { class: "curve", d: `M${points.map(([x, y]) => `${x} ${y}`).join("L")}` }),
      s("path", { class: "cursor", d: `M${X(t)} ${top - 4}V${bottom + 4}` }),
      s("circle", { class: "dot", cx: X(t), cy: Y(track[t]), r: 5 }));
  }
}

define("sequence_scrubber", SequenceScrubber);
