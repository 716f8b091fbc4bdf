// What the search finds and says, in a dialog over the page or on the search page. Loaded at the first use.

import { Search } from "./engine.js";
import { isSyllable } from "./hangul.js";

const SHOWN = 8, ALL = 40;
const EXAMPLES = ["망각 게이트", "forget gate", "기울기가 사라지는 이유", "step_backward", "ㅇㄴㅅㅌ"];
const KINDS = { 1: "용어", 2: "문헌" };

/** An element: el("a", { href }, "text", child…). */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// ---- Korean grammar ---------------------------------------------------------------------------

const NAMED = { l: "엘", m: "엠", n: "엔", r: "알", 0: "영", 1: "일", 3: "삼", 6: "육", 7: "칠", 8: "팔" };
const tail = (word) => {
  const last = [...word].at(-1) ?? "";
  const read = isSyllable(last) ? last : NAMED[last.toLowerCase()] ?? "이";
  return (read.codePointAt(read.length - 1) - 0xac00) % 28;
};
const quoted = (word, [after, open]) => `‘${word}’${tail(word) ? after : open}`;
const towards = (word) => `‘${word}’${tail(word) && tail(word) !== 8 ? "으로" : "로"}`;
const korean = (word) => isSyllable([...word].at(-1) ?? "");

/** What the book calls it, when that is not what was typed. */
function naming({ term, name, bad, abbreviation }) {
  if (abbreviation) return [`‘${name}’: ‘`, el("b", {}, term.k), "’의 줄임말입니다."];
  const says = tail(term.k) ? "’이라고 씁니다." : "’라고 씁니다.";
  if (!bad && !korean(name)) return [`‘${name}’: 이 책에서는 ‘`, el("b", {}, term.k), says];
  return [`${korean(name) ? quoted(name, ["은", "는"]) : `‘${name}’:`} 이 책에서 ‘`, el("b", {}, term.k), says];
}

// ---- the index --------------------------------------------------------------------------------

let index;
function ready() {
  index ??= fetch(new URL("index.json", import.meta.url), { cache: "no-cache" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then((data) => new Search(data));
  index.then((search) => (window.requestIdleCallback ?? setTimeout)(() => search.vocabulary), () => {});
  index.catch(() => { index = undefined; });
  return index;
}

// ---- drawing ----------------------------------------------------------------------------------

function marked(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(at, from), el("mark", {}, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)].filter(Boolean);
}

function result(search, entry, units, root) {
  const page = search.pages[entry.p], found = search.excerpt(entry, units);
  const heading = entry.h || page.h;
  const where = entry.t ? page.h : entry.a ? page.h : page.part ?? "";
  const link = el("a", { href: root + page.u + (entry.a ? `#${encodeURIComponent(entry.a)}` : "") },
    el("span", { class: "finder-head" },
      el("b", {}, marked(heading, search.marks(heading, units))),
      where && where !== heading ? el("small", {}, where) : null,
      entry.t ? el("i", {}, KINDS[entry.t]) : null),
    found.text ? el(found.code ? "code" : "span", { class: "finder-line" }, marked(found.text, found.ranges)) : null);
  return el("li", {}, link);
}

class Finder {
  /** Fills the box around the form that loader.js put there, whatever has been typed into it meanwhile. */
  constructor(form, root, { most, onchange }) {
    this.root = root;
    this.most = most;
    this.onchange = onchange;
    this.input = form.elements.q;
    this.notice = el("div", { class: "finder-notice" });
    this.list = el("ol", { class: "finder-list" });
    this.help = el("div", { class: "finder-help" });
    this.status = el("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.body = el("div", { class: "finder-body" }, this.notice, this.list, this.help);
    form.after(this.status, this.body);
    this.input.addEventListener("input", () => this.show());
    form.parentElement.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  /** Goes to the first result, as soon as there is one. */
  go() {
    this.shown.then(() => this.links[0]?.click());
  }

  get links() {
    return [...this.list.querySelectorAll("a")];
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;   // the input method has this key
    const links = this.links, at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const inside = at >= 0 || event.target === this.input;
      if (!inside || !links.length) return;
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) this.input.focus();
      else links[Math.min(next, links.length - 1)].focus();
    } else if (at >= 0 && (event.key === "Backspace" || (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey))) {
      this.input.focus();   // typing goes on in the box
    }
  }

  set(text) {
    this.input.value = text;
    this.show();
  }

  show() {
    const query = this.input.value;
    this.onchange?.(query);
    this.shown = this.draw(query);
    return this.shown;
  }

  async draw(query) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    if (!query.trim()) {
      ready().catch(() => {});
      this.fill([], [], this.invitation());
      return this.say("");
    }
    let search;
    const slow = setTimeout(() => turn === this.turn && this.say("색인을 받고 있습니다."), 400);
    try {
      search = await ready();
    } catch {
      if (turn === this.turn) this.fill([], [], [el("p", { role: "alert" }, "색인을 받지 못했습니다. 인터넷 연결을 확인하고 다시 입력해 주십시오.")]);
      return;
    } finally {
      clearTimeout(slow);
    }
    if (turn !== this.turn) return;
    const began = performance.now();
    const { results, units, notes, corrected } = search.find(query);
    const best = results.slice(0, this.most);
    const lines = [];
    if (corrected) lines.push(el("p", {}, `‘${query.trim()}’ 대신 `, el("b", {}, towards(corrected)), " 찾았습니다."));
    for (const note of notes) {
      if (note.name === note.term.k) continue;
      lines.push(el("p", {}, naming(note)));
    }
    this.fill(lines, best.map(({ entry }) => result(search, entry, units, this.root)),
      results.length ? this.rest(query, results.length) : this.nothing(search, query));
    performance.measure("finder", { start: began, end: performance.now() });
    this.say(results.length ? `결과 ${results.length}개. ${lines.map((line) => line.textContent).join(" ")}`
      : `${quoted(query.trim(), ["을", "를"])} 찾지 못했습니다.`);
  }

  fill(notice, list, help) {
    this.notice.replaceChildren(...notice);
    this.list.replaceChildren(...list);
    this.help.replaceChildren(...help);
    this.list.hidden = !list.length;
    this.body.scrollTop = 0;
  }

  say(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.status.textContent = text; }, 350);
  }

  chip(text) {
    return el("button", { type: "button", class: "finder-chip", onclick: () => { this.set(text); this.input.focus(); } }, text);
  }

  invitation() {
    return [
      el("p", {}, "우리말, 영어, 코드에 나오는 이름, 초성으로 찾을 수 있습니다."),
      el("p", { class: "finder-chips" }, EXAMPLES.map((text) => this.chip(text))),
    ];
  }

  rest(query, count) {
    if (count <= this.most || this.most >= ALL) return [];
    return [el("p", {}, el("a", { href: `${this.root}search.html?q=${encodeURIComponent(query.trim())}` }, `결과 ${count}개 모두 보기`))];
  }

  nothing(search, query) {
    const glossary = search.pages.find((page) => page.u.endsWith("glossary.html"));
    const near = search.near(query);
    return [
      el("p", { class: "finder-none" }, `${quoted(query.trim(), ["을", "를"])} 찾지 못했습니다.`),
      el("p", {}, near.length ? "혹시 이 말을 찾으셨습니까?" : "이 책에서는 이런 말을 다룹니다."),
      el("p", { class: "finder-chips" }, (near.length ? near : search.central()).map((text) => this.chip(text))),
      el("p", {}, "더 짧은 말이나 영어로 찾아보거나 ",
        ...(glossary ? [el("a", { href: this.root + glossary.u }, glossary.h), "을 보십시오."] : ["차례를 보십시오."])),
    ];
  }
}

// ---- in a dialog ------------------------------------------------------------------------------

const styles = () => new Promise((done) => {
  const href = new URL("finder.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href?.split("?")[0] === href)) return done();
  const link = el("link", { rel: "stylesheet", href, onload: done, onerror: done });
  document.head.append(link);
});

export async function fillDialog(dialog, form, root) {
  const finder = new Finder(form, root, { most: SHOWN });
  const close = el("button", { type: "button", class: "finder-close", onclick: () => dialog.close() }, "닫기");
  form.append(close);
  dialog.append(el("p", { class: "finder-keys", "aria-hidden": "true" },
    el("kbd", {}, "↑"), el("kbd", {}, "↓"), el("span", {}, "고르기"), el("kbd", {}, "Enter"), el("span", {}, "가기"),
    el("kbd", {}, "Esc"), el("span", {}, "닫기")));
  dialog.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.target === dialog || (link && !event.ctrlKey && !event.metaKey && !event.shiftKey)) dialog.close();
  });
  await styles();
  return finder;
}

// ---- on the search page -----------------------------------------------------------------------

export function fillPage(form, root) {
  return new Finder(form, root, {
    most: ALL,
    onchange(query) {
      const url = new URL(location.href);
      if (query.trim()) url.searchParams.set("q", query.trim());
      else url.searchParams.delete("q");
      history.replaceState(null, "", url);
    },
  });
}
