// What the figures share: elements, sliders, numbers, colours, the reading of settings and data.
const SVG = "http://www.w3.org/2000/svg";

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}
export const h = (name, attributes, ...children) => dress(document.createElement(name), attributes, children);
export const s = (name, attributes, ...children) => dress(document.createElementNS(SVG, name), attributes, children);

/** A mathematical symbol: italic letter, lowered index. */
export const sym = (letter, index = "") => [
  s("tspan", { class: "var" }, letter),
  ...(index ? [s("tspan", { dy: 4, "font-size": "70%" }, index), s("tspan", { dy: -4 }, "\u200b")] : []),
];
export const put = (x, y, content, attributes = {}) => s("text", { x, y, ...attributes }, ...[content].flat());

export const fixed = (x, digits = 2) => {
  const text = Math.abs(x).toFixed(digits);
  return (x < 0 && Number(text) !== 0 ? "−" : "") + text;
};
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
export const power = (n) => [...String(n)].map((c) => RAISED[c]).join("");
/** 0.42, 37, 3.1×10⁻⁹ */
export const brief = (x) => {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return "∞";
  const size = Math.abs(x);
  if (size >= 0.01 && size < 1000) return fixed(x, size >= 10 ? 0 : 2);
  const [digits, exponent] = x.toExponential(1).split("e");
  return `${digits.replace("-", "−")}×10${power(Number(exponent))}`;
};
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
export const sigmoid = (a) => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a)));

/** A labelled slider. `show(value)` is both the visible number and what a screen reader says. */
export function slider({ label, aria, min, max, step, value, show = fixed, color, input }) {
  const said = h("output", { class: "value" });
  const field = h("input", { type: "range", min, max, step, value, "aria-label": aria, style: color && `--tone: ${color}` });
  const refresh = () => {
    const words = show(Number(field.value));
    said.textContent = words;
    field.setAttribute("aria-valuetext", words);
    field.style.setProperty("--share", (field.value - field.min) / (field.max - field.min));
  };
  field.addEventListener("input", () => { refresh(); input(Number(field.value)); });
  refresh();
  const root = h("label", { class: "slider" }, h("span", { class: "label" }, label), field, said);
  return { root, field, set(next) { field.value = next; refresh(); } };
}
export const button = (label, act, attributes = {}) => h("button", { type: "button", onclick: act, ...attributes }, label);

export const STYLE = `
:host {
  --ink: var(--fig-ink, light-dark(#22252b, #e5e3dd));
  --soft: var(--fig-soft, light-dark(#585c64, #abafb8));
  --rule: var(--line, light-dark(#e2ddd2, #353a45));
  --edge: var(--fig-line, light-dark(#8b867b, #7d8390));
  --sheet: var(--raised, light-dark(#ffffff, #22262e));
  --panel: var(--fig-panel, light-dark(#f6f4ee, #1d2027));
  --f: var(--fig-orange, light-dark(#b34a00, #ffab66));
  --i: var(--fig-green, light-dark(#1b6e45, #74d3a0));
  --g: var(--fig-purple, light-dark(#7a3a9c, #d6a4f2));
  --o: var(--fig-blue, light-dark(#28479c, #a3bcff));
  --red: var(--fig-red, light-dark(#a8321c, #ff9d86));
  --tone: var(--o);
  display: block; box-sizing: border-box; max-width: 47rem; margin: 0 0 1rem; padding: 1rem 1.1rem 1.1rem;
  border: 1px solid var(--rule); border-radius: 12px; background: var(--sheet); color: var(--ink);
  font: 400 0.94rem/1.55 var(--sans, system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif);
  font-variant-numeric: tabular-nums; word-break: keep-all; overflow-wrap: break-word; text-align: left;
}
* { box-sizing: border-box; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--ink); font: inherit; font-size: 14px; }
svg .var, var { font-family: KaTeX_Math, Georgia, "Times New Roman", serif; font-style: italic; font-size: 1.08em; }
svg .soft { fill: var(--soft); }
.bold, svg .bold { font-weight: 650; }
.f { color: var(--f); } .i { color: var(--i); } .g { color: var(--g); } .o { color: var(--o); } .red { color: var(--red); }
svg .f { fill: var(--f); } svg .i { fill: var(--i); } svg .g { fill: var(--g); } svg .o { fill: var(--o); } svg .red { fill: var(--red); }
.controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16.5rem), 1fr)); gap: 0.1rem 1.6rem; margin-top: 0.8rem; }
.slider { display: grid; grid-template-columns: minmax(6.4rem, auto) 1fr minmax(3.4rem, auto); align-items: center; gap: 0.7rem; min-height: 2rem; }
.slider .label { font-size: 0.9rem; }
.value { text-align: right; white-space: nowrap; font-weight: 600; font-size: 0.9rem; }
input[type="range"] { appearance: none; -webkit-appearance: none; width: 100%; height: 1.5rem; margin: 0; background: none; cursor: pointer; touch-action: pan-y; }
input[type="range"]::-webkit-slider-runnable-track { height: 5px; border-radius: 5px; background: linear-gradient(var(--tone), var(--tone)) 0 / calc(var(--share) * 100%) 100% no-repeat var(--rule); }
input[type="range"]::-moz-range-track { height: 5px; border-radius: 5px; background: var(--rule); }
input[type="range"]::-moz-range-progress { height: 5px; border-radius: 5px; background: var(--tone); }
input[type="range"]::-webkit-slider-thumb { -webkit-appearance: none; width: 18px; height: 18px; margin-top: -6.5px; border: 3px solid var(--sheet); border-radius: 50%; background: var(--tone); box-shadow: 0 0 0 1px var(--tone); }
input[type="range"]::-moz-range-thumb { width: 12px; height: 12px; border: 3px solid var(--sheet); border-radius: 50%; background: var(--tone); box-shadow: 0 0 0 1px var(--tone); }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; }
button, select, .text { min-height: 2rem; padding: 0.2rem 0.8rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--sheet); color: var(--ink); font: inherit; font-size: 0.88rem; cursor: pointer; }
button:hover:not(:disabled) { background: var(--panel); }
button:disabled { opacity: 0.5; cursor: default; }
button.main { border-color: var(--o); background: var(--o); color: var(--sheet); font-weight: 600; }
button.main:hover:not(:disabled) { background: color-mix(in srgb, var(--o) 85%, var(--ink)); }
button[aria-pressed="true"] { border-color: var(--o); box-shadow: inset 0 0 0 1px var(--o); font-weight: 600; }
:focus-visible { outline: 2px solid var(--o); outline-offset: 2px; }
input[type="range"]:focus-visible { outline-offset: 0; border-radius: 6px; }
.part { margin: 0.9rem 0 0.1rem; font-size: 0.82rem; font-weight: 600; color: var(--soft); }
.note { margin: 0.7rem 0 0; color: var(--soft); font-size: 0.86rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { :host { padding: 0.8rem 0.75rem 0.9rem; } .slider { grid-template-columns: 6.1rem 1fr minmax(3.2rem, auto); gap: 0.5rem; } }
@media print { .controls, .row, .slider { display: none; } }
`;

/** Light or dark where the host page does not use color-scheme (Jupyter, Colab); elsewhere the page decides. */
function scheme() {
  const root = document.documentElement;
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "true" ? "light" : "dark";
  return root.getAttribute("theme") === "dark" ? "dark" : root.dataset.theme === "light" || root.dataset.theme === "dark"
    ? root.dataset.theme : "";
}

/** The base of every figure: a shadow root over the static drawing, redrawn when its width changes.
 * It is built when it comes near the screen, so a long page with figures opens at once. */
export class Figure extends (globalThis.HTMLElement ?? class {}) {
  connectedCallback() {
    if (this.shadowRoot || this.approach) return;
    this.approach = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      this.approach.disconnect();
      this.start();
    }, { rootMargin: "600px" });
    this.approach.observe(this);
  }

  start() {
    this.settings = JSON.parse(this.dataset.settings);
    this.dataset.lmSuppressShortcuts = "true"; // JupyterLab: keys pressed here are the figure's, not the notebook's
    const paint = () => { this.style.colorScheme = scheme() || "light dark"; };
    paint();
    new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme", "theme"] });
    const root = this.attachShadow({ mode: "open" });
    root.append(h("style", {}, STYLE + (this.constructor.style ?? "")));
    this.live = h("p", { class: "unseen", "aria-live": "polite" });
    this.build(root);
    root.append(this.live);
    let width = 0;
    const fit = () => {
      const next = Math.round(this.clientWidth - parseFloat(getComputedStyle(this).paddingLeft) * 2);
      if (next > 0 && next !== width) this.draw(width = next);
    };
    fit();
    new ResizeObserver(fit).observe(this);
  }

  /** Says a sentence to a screen reader, once the hand has come to rest. */
  say(words) {
    clearTimeout(this.later);
    this.later = setTimeout(() => { this.live.textContent = words; }, 600);
  }

  /** The figure's data: in the page itself (notebooks) or in a file of the site, fetched when first asked for. */
  async payload() {
    const script = this.querySelector("script[data-payload]");
    if (script.dataset.src) {
      const reply = await fetch(new URL(script.dataset.src, document.baseURI));
      if (!reply.ok) throw new Error(`${reply.status}`);
      return reply.arrayBuffer();
    }
    return Uint8Array.from(atob(script.textContent), (c) => c.charCodeAt(0)).buffer;
  }
}

export function define(stem, figure) {
  const name = `rnnbook-${stem.replaceAll("_", "-")}`;
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, figure);
}

/** Repeatable random numbers, the same in Python (figures/mulberry.py): uniform in [0, 1). */
export function mulberry(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
