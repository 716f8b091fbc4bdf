// Finds sections in the index that korean_search.py writes. No DOM here: the page, the tests and the bench share it.
//
// Every text is kept as keys (see hangul.js) without spaces or punctuation, so one substring scan meets particles, endings,
// spacing and half-typed syllables alike: 은닉상태 and 은닉 상ㅌ both stand in "은닉 상태를". A match must begin where a syllable or a
// word begins. Sections are ranked by BM25 over heading, text and code; the glossary's other names lead to the book's own.

import { compose, initials, isHangul, isSyllable, keys, keysOf, otherLayout, readings } from "./hangul.js";

const FIELDS = { h: { boost: 4, b: 0.2 }, k: { boost: 1.2, b: 0.2 }, p: { boost: 0.4, b: 0.2 }, x: { boost: 1, b: 0.3 }, c: { boost: 0.6, b: 0.4 } };
const K1 = 1.2;
const TERM = { h: 1.1, x: 0.4 };           // a glossary entry: after a section that explains, before one that mentions
const REFERENCE = 0.5;
const HOME = 1.35, FIRST = 1.15;             // the page whose chapter introduces a term; the first section there that has it
const ABOUT = 0.6;                           // how much a section gains when its whole page is about the matter
const SMALL = new Set("이유 방법 차이 하는 하기 일 왜 무엇 어떻게 뜻 의미 예 것 란 the of a in is what how".split(" ").map(keys));

const FAINT = 0.05;                            // results weaker than this share of the best are noise
const SENTENCE = /[^\n]+?(?:[.?!…][”’")\]]*(?=\s|$)|(?=\n|$))/g;
const LONG = 130;

const isWord = (char) => /[\p{L}\p{N}]/u.test(char);
const KEPT = /[\p{L}\p{N}\p{M}∂⊙σΣ]/u;

/** A text as keys: { flat, start: 2 at a word, 1 at a syllable or part of a name, at: the character of each key }. */
export function flatten(text) {
  let flat = "", previous = " ", index = 0;
  const start = [], at = [];
  for (const char of text) {
    if (KEPT.test(char)) {
      const open = !isWord(previous) && previous !== "_";
      const turn = isHangul(char) !== isHangul(previous) || previous === "_" || (/[a-z]/.test(previous) && /[A-Z]/.test(char));
      const typed = keysOf(char.toLowerCase());
      for (let k = 0; k < typed.length; k++) {
        start.push(k ? 0 : open ? 2 : turn || isSyllable(char) ? 1 : 0);
        at.push(index);
      }
      flat += typed;
    }
    previous = char;
    index += char.length;
  }
  return { flat, start, at };
}

/** Places of `wanted` in a field: [weight, first key, last key]. */
function places(field, wanted, open) {
  const found = [], { flat, start, at } = field, korean = isHangul(wanted.at(-1)), vowel = wanted.at(-1) >= "ㅏ";
  for (let from = flat.indexOf(wanted); from >= 0; from = flat.indexOf(wanted, from + 1)) {
    if (!start[from]) continue;
    const end = from + wanted.length, last = end - 1;
    let weight = start[from] === 2 ? 1 : isHangul(wanted[0]) ? 0.5 : 0.7;
    const cut = end < flat.length && !start[end];
    if (cut && korean) weight *= at[end] === at[last] ? (vowel ? 0.8 : open ? 0.7 : 0.5) : open ? 0.6 : 0.25;
    if (cut && !korean) { if (wanted.length < 3) continue; weight *= 0.6; }
    found.push([weight, from, last]);
  }
  return found;
}

/** Edit distance with neighbours swapped counting one, or limit + 1. */
export function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before = [], row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[b.length];
}

/** A piece of a text, shortened around its marks. */
function clip(text, { from, to, inside }, most = LONG) {
  while (/\s/.test(text[from] ?? "")) from++;
  let start = from, end = to;
  if (end - start > most) {
    const mark = inside[0]?.[0] ?? start;
    if (mark - start > 50) start = text.indexOf(" ", mark - 45) + 1 || mark;
    end = Math.min(end, start + most);
    if (end < to) end = Math.max(text.lastIndexOf(" ", end), (inside[0]?.[1] ?? start) + 1);
  }
  const before = start > from ? "… " : "", shift = before.length - start;
  const ranges = inside.filter(([f, t]) => f >= start && t <= end).map(([f, t]) => [f + shift, t + shift]);
  return { text: before + text.slice(start, end) + (end < to ? " …" : ""), ranges };
}

const slack = (word) => (word.length < 5 ? 0 : word.length < 12 ? 1 : 2);
const bare = (text) => flatten(text.normalize("NFC")).flat;

export class Search {
  constructor({ pages, entries, terms, words }) {
    this.pages = pages;
    this.entries = entries.map((entry) => {
      const page = pages[entry.p];
      const fields = { h: flatten(entry.h || ""), k: flatten(entry.k || ""), x: flatten(entry.x || ""), c: flatten(entry.c || "") };
      if (entry.a) fields.p = flatten(page.h);
      const prior = (entry.a ? page.w : Math.max(page.w, 0.8)) * (entry.t === 2 ? REFERENCE : 1) * (entry.w ?? 1);
      return { ...entry, fields, prior };
    });
    this.average = {};
    for (const name of Object.keys(FIELDS)) {
      const lengths = this.entries.map((entry) => entry.fields[name]?.flat.length ?? 0).filter(Boolean);
      this.average[name] = lengths.reduce((sum, length) => sum + length, 0) / (lengths.length || 1);
    }
    this.terms = terms.map((term) => ({ ...term, keys: bare(term.k), initials: initials(term.k) }));
    this.names = new Map();   // keys of every name -> { term, name, bad } or { instead }
    for (const [name, instead] of Object.entries(words)) this.names.set(bare(name), { name, instead: [instead].flat() });
    for (const term of this.terms) {
      for (const name of term.b) this.names.set(bare(name), { term, name, abbreviation: true });
      for (const name of term.s) this.names.set(bare(name), { term, name });
      for (const name of term.f) this.names.set(bare(name), { term, name, bad: true });
    }
    for (const term of this.terms) this.names.set(term.keys, { term, name: term.k });
    this.memory = new Map();
  }

  /** Weight of `wanted` in every entry that has it: Map(entry -> { score, fields }). Remembered: typing asks again and again. */
  scan(wanted, open) {
    const key = `${open ? 1 : 0}${wanted}`;
    if (this.memory.has(key)) return this.memory.get(key);
    const found = new Map();
    for (const entry of this.entries) {
      let score = 0;
      for (const [name, { boost, b }] of Object.entries(FIELDS)) {
        const field = entry.fields[name];
        if (!field) continue;
        let times = 0;
        for (const [weight, from, last] of places(field, wanted, open)) {
          times += weight;
          if (name === "h" && from === 0 && last === field.flat.length - 1) times += 1;             // the heading itself
          if (name === "c" && /(def|class)$/.test(field.flat.slice(Math.max(0, from - 5), from))) times += 3;   // where it is defined
        }
        if (times) score += (entry.t === 1 ? TERM[name] ?? boost : boost) * times * (K1 + 1) / (times + K1 * (1 - b + b * field.flat.length / this.average[name]));
      }
      if (score) found.set(entry, score);
    }
    if (this.memory.size > 400) this.memory.clear();
    this.memory.set(key, found);
    return found;
  }

  /** The words of the book, as keys, for slips of the finger. */
  get vocabulary() {
    if (!this.known) {
      const known = new Map();
      const add = (word, weight) => known.set(word, Math.max(known.get(word) ?? 0, weight));
      for (const [name] of this.names) add(name, 2);
      for (const entry of this.entries) {
        for (const word of `${entry.h || ""} ${entry.x || ""}`.match(/[가-힣]{2,}|[A-Za-z]{4,}/g) ?? []) {
          for (const { keys: stem } of isSyllable(word[0]) ? readings(word) : [{ keys: word.toLowerCase() }]) add(stem, 1);
        }
      }
      this.known = [...known];
    }
    return this.known;
  }

  nearest(wanted, among = this.vocabulary) {
    const limit = slack(wanted);
    let best = null;
    for (const [word, weight] of limit ? among : []) {
      const d = distance(wanted, word, limit);
      if (d <= limit && d && (!best || d < best.d || (d === best.d && weight > best.weight))) best = { word, d, weight };
    }
    return best?.word ?? null;
  }

  /** A query as units. A unit is one idea with its ways of writing: [{ keys, weight }]. */
  units(query) {
    const words = query.normalize("NFC").toLowerCase().match(/[가-힣ㄱ-ㅣ]+|[^\s가-힣ㄱ-ㅣ.:/()[\]{},=*]+/g) ?? [];
    const units = [], notes = [];
    const ways = (word) => (isHangul(word.at(-1)) ? readings(word) : [{ keys: bare(word), weight: 1 }]).filter((way) => way.keys);
    const say = (known, typed) => {
      if (known.term && !notes.some((note) => note.term === known.term)) notes.push({ ...known, typed });
    };
    const alternatives = (known, weight) => known.term
      ? [{ keys: known.term.keys, weight, home: known.term.c }]
      : known.instead.map((name, k) => ({ keys: bare(name), weight: weight * 0.6 ** k }));
    for (let at = 0; at < words.length;) {
      let taken = 0;
      for (let size = Math.min(5, words.length - at); size && !taken; size--) {
        const head = words.slice(at, at + size - 1).map(bare).join("");
        for (const way of ways(words[at + size - 1])) {
          const typed = head + way.keys, known = this.names.get(typed);
          if (!known) continue;
          units.push({ ways: [...ways(words[at + size - 1]).map((w) => ({ keys: head + w.keys, weight: w.weight })), ...alternatives(known, 1)], typed });
          say(known, words.slice(at, at + size).join(" "));
          taken = size;
          break;
        }
      }
      if (!taken) {
        units.push({ ways: ways(words[at]), typed: bare(words[at]), word: words[at] });
        taken = 1;
      }
      at += taken;
    }
    return { units: units.filter((unit) => unit.ways.length), notes, words };
  }

  /** Weight of a unit in every entry: the best of its ways. */
  weigh(unit, open) {
    const found = new Map();
    for (const { keys: wanted, weight, home } of unit.ways) {
      let first = FIRST;
      for (const [entry, score] of this.scan(wanted, open)) {
        let here = home && this.pages[entry.p].u === `${home}index.html` ? HOME : 1;
        if (here > 1 && entry.a && !entry.w) { here *= first; first = 1; }
        found.set(entry, Math.max(found.get(entry) ?? 0, score * weight * here));
      }
    }
    return found;
  }

  /** { results: [{ entry, score }], units, notes, corrected } */
  find(query) {
    query = query.trim();
    if (!query) return { results: [], units: [], notes: [], corrected: null };
    let answer = this.look(query);
    if (!answer.results.length || answer.guessed) {
      for (const other of [this.fromInitials(query), otherLayout(query)]) {
        if (!other) continue;
        const next = this.look(other);
        if (next.results.length && !next.guessed) { answer = { ...next, corrected: other }; break; }
      }
    }
    return answer;
  }

  /** ㅁㄱㄱㅇㅌ -> 망각 게이트 */
  fromInitials(query) {
    const typed = query.replace(/\s/g, "");
    if (!/^[ㄱ-ㅎ]{2,}$/.test(typed)) return null;
    const fits = this.terms.filter((term) => term.initials.startsWith(typed));
    return fits.sort((a, b) => a.initials.length - b.initials.length)[0]?.k ?? null;
  }

  look(query) {
    const { units, notes, words } = this.units(query);
    const open = true;
    let corrected = null, guessed = false;
    for (const [k, unit] of units.entries()) {
      unit.found = this.weigh(unit, open && k === units.length - 1);
    }
    // the name being typed: hidden sta… -> hidden state
    const tail = bare(query);
    if (tail.length >= 4 && !notes.length && !query.includes("_")) {
      const fits = [...this.names].filter(([name, known]) => known.term && name !== tail && name.startsWith(tail));
      if (fits.length && fits.length <= 6) {
        const ways = fits.map(([, known]) => ({ keys: known.term.keys, weight: 0.8, home: known.term.c }));
        const unit = { ways: [{ keys: tail, weight: 1 }, ...units.length === 1 ? units[0].ways : [], ...ways], typed: tail };
        unit.found = this.weigh(unit, true);
        units.splice(0, units.length, unit);
      }
    }
    // slips of the finger
    if (units.some((unit) => !unit.found.size)) {
      const whole = this.nearest(bare(query), [...this.names].map(([name]) => [name, 1]));
      if (whole) {
        const known = this.names.get(whole);
        corrected = known.term ? known.term.k : known.name;
        const next = this.units(corrected);
        units.splice(0, units.length, ...next.units);
        notes.splice(0, notes.length, ...next.notes);
        for (const unit of units) unit.found = this.weigh(unit, false);
      } else {
        for (const unit of [...units]) {
          if (unit.found.size || !unit.word) continue;
          const near = unit.ways.map((way) => this.nearest(way.keys)).find(Boolean);
          if (!near) continue;
          unit.ways = this.names.get(near)?.term ? [{ keys: this.names.get(near).term.keys, weight: 1 }] : [{ keys: near, weight: 1 }];
          unit.found = this.weigh(unit, false);
          corrected = words.map((word) => (word === unit.word ? compose(near) : word)).join(" ");
        }
      }
      guessed = Boolean(corrected);
    }
    const live = units.filter((unit) => unit.found.size);
    const scores = new Map();
    let total = 0;
    for (const unit of live) {
      unit.idf = Math.log(1 + (this.entries.length - unit.found.size + 0.5) / (unit.found.size + 0.5)) * (SMALL.has(unit.typed) ? 0.2 : 1);
      total += unit.idf;
      for (const [entry, score] of unit.found) {
        const so = scores.get(entry) ?? { sum: 0, cover: 0 };
        so.sum += unit.idf * score;
        so.cover += unit.idf;
        scores.set(entry, so);
      }
    }
    // words typed side by side that stand side by side
    if (live.length > 1) {
      for (const [entry, score] of this.scan(units.map((unit) => unit.typed).join(""), true)) {
        if (scores.has(entry)) scores.get(entry).sum += total * score * 0.5;
      }
    }
    const results = [...scores].map(([entry, { sum, cover }]) => ({ entry, score: entry.prior * sum * (cover / total) ** 1.5 }));
    // a section of a page that is about the matter counts for more
    const about = new Map();
    for (const { entry, score } of results) about.set(entry.p, (about.get(entry.p) ?? 0) + score);
    const most = Math.max(...about.values());
    for (const result of results) result.score *= 1 + ABOUT * about.get(result.entry.p) / most;
    results.sort((a, b) => b.score - a.score);
    const least = (results[0]?.score ?? 0) * FAINT;
    return { results: results.filter((one) => one.score >= least), units: live, notes, corrected, guessed };
  }

  /** Characters of a text that the units match: [[from, to]…], in order, whole syllables. */
  marks(text, units, field = flatten(text)) {
    const ranges = [];
    for (const unit of units) {
      for (const { keys: wanted, weight } of unit.ways) {
        for (const [fit, from, last] of places(field, wanted, true)) {
          if (fit * weight >= 0.3) ranges.push([field.at[from], field.at[last] + 1, unit, weight]);
        }
      }
    }
    ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    return ranges.filter(([from, to], k) => !ranges.slice(0, k).some(([f, t]) => from < t && f < to));
  }

  /** The sentence (or line of code) of an entry that says most of what was asked: { text, ranges, code }. */
  excerpt(entry, units) {
    const best = (text, field, cuts) => {
      let found = null;
      const ranges = this.marks(text, units, field);
      for (const cut of text.matchAll(cuts)) {
        const from = cut.index, to = from + cut[0].length;
        const inside = ranges.filter(([f, t]) => f >= from && t <= to);
        const seen = new Map();
        for (const [, , unit, weight] of inside) seen.set(unit, Math.max(seen.get(unit) ?? 0, weight * unit.idf));
        let score = [...seen.values()].reduce((sum, one) => sum + one, 0) + 0.01 * inside.length;
        if (cut[0].length < 16 && entry.h) score *= 0.6;   // a caption, a label
        if (inside.length && (!found || score > found.score)) found = { score, from, to, inside };
      }
      return found;
    };
    const text = entry.x ?? "", code = entry.c ?? "";
    if (entry.t) return clip(text, { from: 0, to: text.length, inside: this.marks(text, units, entry.fields.x) }, 2 * LONG);
    const said = best(text, entry.fields.x, SENTENCE), coded = best(code, entry.fields.c, /[^\n]+/g);
    if (said && (!coded || said.score >= coded.score * 0.7)) return clip(text, said);
    if (coded) return { ...clip(code, coded), code: true };
    const first = text.match(SENTENCE)?.[0] ?? "";
    return clip(text, { from: 0, to: first.length, inside: [] });
  }

  /** Names in the book that look like what was typed. */
  near(query) {
    const typed = bare(query), found = [];
    for (const term of this.terms) {
      for (const name of [term.k, ...term.s, ...term.b, ...term.f].map(bare)) {
        const limit = Math.max(2, Math.ceil(Math.max(name.length, typed.length) * 0.45));
        let d = distance(typed, name, limit);
        if (typed.length > 2 && name.startsWith(typed.slice(0, 4))) d = Math.min(d, limit) - 1;
        if (d <= limit) found.push({ k: term.k, d: d / Math.max(name.length, typed.length) });
      }
    }
    found.sort((a, b) => a.d - b.d);
    return [...new Set(found.map(({ k }) => k))].slice(0, 5);
  }

  /** Terms that the book's own chapters introduce. */
  central() {
    const here = this.terms.filter((term) => this.pages.some((page) => page.u.startsWith(term.c)));
    return (here.length ? here : this.terms).slice(0, 6).map((term) => term.k);
  }
}
