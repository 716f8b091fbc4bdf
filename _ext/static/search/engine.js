// Finds sections in the index that korean_search.py writes. No DOM here: the page, the tests and the bench share it.
//
// Every text is kept as keys (hangul.js) without spaces and punctuation, so one scan meets particles, endings, spacing and
// half-typed syllables alike: ‘은닉상태’, ‘은닉 상ㅌ’ and 은닉 상태를 all stand in "은닉 상태를". A query becomes units – a term of the
// glossary by any of its names, or a word –, a unit several ways of writing; sections are ranked by BM25 over their fields.

import { compose, initials, isHangul, isSyllable, keys, otherLayout, readings } from "./hangul.js";
import { bare, clip, distance, flatten, places } from "./text.js";

// heading, words in bold, title of the page, sentences, code
const FIELDS = {
  h: { boost: 4, b: 0.2 }, k: { boost: 1.2, b: 0.2 }, p: { boost: 0.4, b: 0.2 },
  x: { boost: 1, b: 0.3 }, c: { boost: 0.6, b: 0.4 },
};
const K1 = 1.2;
const TERM = { h: 1.1, x: 0.4 };      // a glossary entry: after a section that explains, before one that mentions
const REFERENCE = 0.5;
const HOME = 1.35, FIRST = 1.15;      // the first page of the chapter that introduces a term, and its first section with it
const WHOLE = 1, DEFINED = 1.2;       // the heading says just that; a line of code defines it
const BESIDE = 0.5;                   // words typed side by side stand side by side
const ABOUT = 0.6;                    // what a section gains when its whole page is about the matter
const FAINT = 0.05;                   // weaker than this share of the best: noise
const SMALL = new Set("이유 방법 법 차이 하는 하기 일 왜 무엇 어떻게 뜻 의미 예 것 란 the of a in is what how".split(" ").map(keys));
const SENTENCE = /[^\n]+?(?:[.?!…][”’")\]]*(?=\s|$)|(?=\n|$))/g;

const slack = (word) => (word.length < 5 ? 0 : word.length < 12 ? 1 : 2);
const sum = (list) => [...list].reduce((total, one) => total + one, 0);

export class Search {
  constructor({ pages, entries, terms, words }) {
    this.pages = pages;
    this.entries = entries.map((entry) => {
      const fields = {};
      for (const name of Object.keys(FIELDS)) {
        const text = name === "p" ? entry.a && pages[entry.p].h : entry[name];
        if (text) fields[name] = flatten(text);
      }
      const page = entry.a ? pages[entry.p].w : Math.max(pages[entry.p].w, 0.8);
      return { ...entry, fields, prior: page * (entry.t === 2 ? REFERENCE : 1) * (entry.w ?? 1) };
    });
    this.average = {};
    for (const name of Object.keys(FIELDS)) {
      const lengths = this.entries.flatMap((entry) => entry.fields[name]?.flat.length ?? []);
      this.average[name] = sum(lengths) / (lengths.length || 1);
    }
    this.terms = terms.map((term) => ({ ...term, keys: bare(term.k), initials: initials(term.k) }));
    this.names = new Map();           // keys of a name -> { name, term, … } or { name, instead: […] }
    for (const [name, instead] of Object.entries(words)) this.names.set(bare(name), { name, instead: [instead].flat() });
    for (const term of this.terms) {
      for (const name of term.b) this.names.set(bare(name), { name, term, abbreviation: true });
      for (const name of term.s) this.names.set(bare(name), { name, term });
      for (const name of term.f) this.names.set(bare(name), { name, term, bad: true });
    }
    for (const term of this.terms) this.names.set(term.keys, { name: term.k, term });
    this.memory = new Map();
  }

  /** { results: [{ entry, score }], units, notes: [{ name, term, … }], corrected: another spelling that was used, or null } */
  find(query) {
    query = query.trim();
    if (!query) return { results: [], units: [], notes: [], corrected: null };
    const answer = this.look(query);
    if (answer.results.length && !answer.corrected) return answer;
    for (const other of [this.fromInitials(query), otherLayout(query)]) {
      const next = other && this.look(other);
      if (next?.results.length && !next.corrected) return { ...next, corrected: other };
    }
    return answer;
  }

  look(query) {
    let { units, notes, words } = this.read(query), corrected = null;
    units.forEach((unit, k) => { unit.found = this.weigh(unit, k === units.length - 1); });
    if (!notes.length) units = this.complete(query, units);
    if (units.some((unit) => !unit.found.size && !SMALL.has(unit.typed))) {
      const repaired = this.repair(query, units, words);
      if (repaired) ({ units, notes = notes, corrected } = repaired);
    }
    return { results: this.rank(units), units: units.filter((unit) => unit.found.size), notes, corrected };
  }

  /** A query as units, { ways: [{ keys, weight }], typed }, with a note for each term that was named. */
  read(query) {
    const words = query.normalize("NFC").toLowerCase().match(/[가-힣ㄱ-ㅣ]+|[^\s가-힣ㄱ-ㅣ.:/()[\]{},=*]+/g) ?? [];
    const units = [], notes = [];
    const ways = (word) => (isHangul(word[0]) ? readings(word) : [{ keys: bare(word), weight: 1 }]).filter((way) => way.keys);
    const named = (at) => {
      for (let size = Math.min(5, words.length - at); size; size--) {
        const head = words.slice(at, at + size - 1).map(bare).join("");
        const whole = ways(words[at + size - 1]).map(({ keys, weight }) => ({ keys: head + keys, weight }));
        const typed = whole.find((way) => this.names.has(way.keys))?.keys;
        if (typed) return { size, typed, whole, known: this.names.get(typed) };
      }
      return null;
    };
    for (let at = 0; at < words.length;) {
      const name = named(at);
      if (name) {
        units.push({ ways: [...name.whole, ...this.waysOf(name.known)], typed: name.typed });
        if (name.known.term && !notes.some((note) => note.term === name.known.term)) notes.push(name.known);
        at += name.size;
      } else {
        units.push({ ways: ways(words[at]), typed: bare(words[at]), word: words[at] });
        at++;
      }
    }
    return { units: units.filter((unit) => unit.ways.length), notes, words };
  }

  waysOf({ term, instead }, weight = 1) {
    if (term) return [{ keys: term.keys, weight, home: term.c }];
    return instead.map((name, k) => ({ keys: bare(name), weight: weight * 0.6 ** k }));
  }

  /** The name that is being typed: hidden sta… -> also 은닉 상태. */
  complete(query, units) {
    const typed = bare(query);
    if (typed.length < 4 || query.includes("_")) return units;
    const fits = [...this.names].filter(([name, { term }]) => term && name !== typed && name.startsWith(typed));
    if (!fits.length || fits.length > 6) return units;
    const ways = [{ keys: typed, weight: 1 }, ...(units.length === 1 ? units[0].ways : []),
      ...fits.flatMap(([name, known]) => this.waysOf(known, typed.length / name.length))];
    const unit = { ways, typed };
    unit.found = this.weigh(unit, true);
    return [unit];
  }

  /** What was meant, when something typed is nowhere in the book: { units, notes, corrected } or null. */
  repair(query, units, words) {
    const whole = this.nearest(bare(query), [...this.names].map(([name]) => [name, 1]));
    if (whole) {
      const known = this.names.get(whole), corrected = known.term ? known.term.k : known.name;
      const next = this.read(corrected);
      for (const unit of next.units) unit.found = this.weigh(unit, false);
      return { units: next.units, notes: next.notes, corrected };
    }
    let corrected = null;
    for (const unit of units) {
      const near = !unit.found.size && unit.word && unit.ways.map((way) => this.nearest(way.keys)).find(Boolean);
      if (!near) continue;
      const { term } = this.names.get(near) ?? {};
      unit.ways = term ? this.waysOf({ term }) : [{ keys: near, weight: 1 }];
      unit.found = this.weigh(unit, false);
      corrected = (corrected ?? words).map((word) => (word === unit.word ? compose(near) : word));
    }
    return corrected && { units, corrected: corrected.join(" ") };
  }

  /** ㅁㄱㄱㅇㅌ -> 망각 게이트 */
  fromInitials(query) {
    const typed = query.replace(/\s/g, "");
    if (!/^[ㄱ-ㅎ]{2,}$/.test(typed)) return null;
    const fits = this.terms.filter((term) => term.initials.startsWith(typed));
    return fits.sort((a, b) => a.initials.length - b.initials.length)[0]?.k ?? null;
  }

  // ---- weighing -------------------------------------------------------------------------------------------------------

  /** Weight of one way of writing in every entry that has it. Remembered: typing asks again and again. */
  scan(wanted, typing) {
    const key = `${typing ? 1 : 0}${wanted}`;
    if (this.memory.has(key)) return this.memory.get(key);
    const found = new Map();
    for (const entry of this.entries) {
      let score = 0;
      for (const [name, field] of Object.entries(entry.fields)) {
        let times = 0, defined = 0;
        for (const [weight, from, last] of places(field, wanted, typing)) {
          times += weight;
          if (name === "h" && from === 0 && last === field.flat.length - 1) times += WHOLE;
          if (name === "c" && /(def|class)$/.test(field.flat.slice(Math.max(0, from - 5), from))) defined = DEFINED * weight;
        }
        if (!times) continue;
        const { boost, b } = FIELDS[name], length = field.flat.length / this.average[name];
        score += defined + (entry.t === 1 ? TERM[name] ?? boost : boost) * times * (K1 + 1) / (times + K1 * (1 - b + b * length));
      }
      if (score) found.set(entry, score);
    }
    if (this.memory.size > 400) this.memory.clear();
    this.memory.set(key, found);
    return found;
  }

  /** Weight of a unit in every entry: that of the best of its ways. */
  weigh(unit, typing) {
    const found = new Map();
    for (const { keys: wanted, weight, home } of unit.ways) {
      let first = FIRST;
      for (const [entry, score] of this.scan(wanted, typing)) {
        let here = home && this.pages[entry.p].u === `${home}index.html` ? HOME : 1;
        if (here > 1 && entry.a && !entry.w) { here *= first; first = 1; }
        found.set(entry, Math.max(found.get(entry) ?? 0, score * weight * here));
      }
    }
    return found;
  }

  rank(units) {
    const live = units.filter((unit) => unit.found.size);
    const slight = ({ typed, ways }) => SMALL.has(typed) || !ways.some((way) => way.keys.length > 3 && this.scan(way.keys, true).size);
    if (live.length < units.length && live.every(slight)) return [];
    const scores = new Map(), size = this.entries.length;
    for (const unit of live) {
      unit.idf = Math.log(1 + (size - unit.found.size + 0.5) / (unit.found.size + 0.5)) * (SMALL.has(unit.typed) ? 0.2 : 1);
      for (const [entry, score] of unit.found) {
        const so = scores.get(entry) ?? { entry, score: 0, cover: 0 };
        so.score += unit.idf * score;
        so.cover += unit.idf;
        scores.set(entry, so);
      }
    }
    const total = sum(live.map((unit) => unit.idf));
    if (live.length > 1) {
      for (const [entry, score] of this.scan(units.map((unit) => unit.typed).join(""), true)) {
        if (scores.has(entry)) scores.get(entry).score += total * score * BESIDE;
      }
    }
    const results = [...scores.values()], about = new Map();
    for (const one of results) {
      one.score *= one.entry.prior * (one.cover / total) ** 1.5;
      about.set(one.entry.p, (about.get(one.entry.p) ?? 0) + one.score);
    }
    const most = Math.max(...about.values());
    for (const one of results) one.score *= 1 + ABOUT * about.get(one.entry.p) / most;
    results.sort((a, b) => b.score - a.score);
    return results.filter((one) => one.score >= FAINT * results[0].score);
  }

  // ---- showing --------------------------------------------------------------------------------------------------------

  /** Characters of a text that the units match: [[from, to, unit, weight]…], in order, whole syllables. */
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

  /** The sentence, or line of code, of an entry that says most of what was asked: { text, ranges, code }. */
  excerpt(entry, units) {
    const text = entry.x ?? "", code = entry.c ?? "";
    const best = (source, field, pieces) => {
      const ranges = field ? this.marks(source, units, field) : [];
      let found = null;
      for (const piece of ranges.length ? source.matchAll(pieces) : []) {
        const from = piece.index, to = from + piece[0].length;
        const inside = ranges.filter(([f, t]) => f >= from && t <= to), seen = new Map();
        for (const [, , unit, weight] of inside) seen.set(unit, Math.max(seen.get(unit) ?? 0, weight * unit.idf));
        let score = sum(seen.values()) + 0.01 * inside.length;
        if (piece[0].length < 16) score *= 0.6;      // a caption, a label
        if (inside.length && !(found?.score >= score)) found = { score, from, to, inside };
      }
      return found;
    };
    if (entry.t) return clip(text, { from: 0, to: text.length, inside: this.marks(text, units, entry.fields.x) }, 260);
    const said = best(text, entry.fields.x, SENTENCE), coded = best(code, entry.fields.c, /[^\n]+/g);
    if (said && !(said.score < 0.7 * coded?.score)) return clip(text, said);
    if (coded) return { ...clip(code, coded), code: true };
    return clip(text, { from: 0, to: text.match(SENTENCE)?.[0].length ?? 0, inside: [] });
  }

  // ---- slips and other words ------------------------------------------------------------------------------------------

  /** The words of the book, as keys, with names before others: [[keys, weight]…]. */
  get vocabulary() {
    if (this.known) return this.known;
    const known = new Map([...this.names.keys()].map((name) => [name, 2]));
    const add = (word) => { if (!known.has(word)) known.set(word, 1); };
    for (const { h = "", x = "" } of this.entries) {
      for (const word of `${h} ${x}`.match(/[가-힣]{2,}|[A-Za-z]{4,}/g) ?? []) {
        if (isSyllable(word[0])) for (const way of readings(word)) add(way.keys);
        else add(word.toLowerCase());
      }
    }
    this.known = [...known];
    return this.known;
  }

  nearest(wanted, among = this.vocabulary) {
    const limit = slack(wanted);
    let best = null;
    for (const [word, weight] of limit ? among : []) {
      const d = distance(wanted, word, limit);
      if (d && d <= limit && !(best?.d < d) && !(best?.d === d && best.weight >= weight)) best = { word, d, weight };
    }
    return best?.word ?? null;
  }

  /** Terms that look like what was typed. */
  near(query) {
    const typed = bare(query), found = [];
    for (const term of this.terms) {
      for (const name of [term.k, ...term.s, ...term.b, ...term.f].map(bare)) {
        const longer = Math.max(name.length, typed.length), limit = Math.max(2, Math.ceil(longer * 0.45));
        let d = distance(typed, name, limit);
        if (typed.length > 2 && name.startsWith(typed.slice(0, 4))) d = Math.min(d, limit) - 1;
        if (d <= limit) found.push([d / longer, term.k]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    return [...new Set(found.map(([, name]) => name))].slice(0, 5);
  }

  /** Terms that the book's own chapters introduce. */
  central() {
    const here = this.terms.filter((term) => this.pages.some((page) => page.u.startsWith(term.c)));
    return (here.length ? here : this.terms).slice(0, 6).map((term) => term.k);
  }
}
