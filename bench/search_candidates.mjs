// The candidates of bench/search.py, each as find(query) -> [{ url, section }], best first. Runs in the browser.

const at = (path) => new URL(path, location.origin).href;

async function data() {
  return (await fetch(at("_static/search/index.json"))).json();
}

const shape = (index) => (entry) => ({ url: index.pages[entry.p].u, section: entry.h });

export async function own() {
  const [{ Search }, index] = await Promise.all([import(at("_static/search/engine.js")), data()]);
  const search = new Search(index), show = shape(index);
  return (query) => search.find(query).results.map(({ entry }) => show(entry));
}

export async function minisearch() {
  const [{ default: MiniSearch }, index] = await Promise.all([import(at("bench/minisearch.js")), data()]);
  const search = new MiniSearch({ fields: ["h", "x", "c"] }), show = shape(index);
  search.addAll(index.entries.map((entry, id) => ({ id, h: entry.h, x: entry.x ?? "", c: entry.c ?? "" })));
  return (query) => search.search(query, { prefix: true, fuzzy: 0.2, boost: { h: 4 } }).map(({ id }) => show(index.entries[id]));
}

// MiniSearch with everything of ours that fits into it: words as keys, neighbours joined, stems, other names, the same priors.
export async function minisearchKorean() {
  const [{ default: MiniSearch }, { flatten }, { readings, isHangul }, index] = await Promise.all([
    import(at("bench/minisearch.js")), import(at("_static/search/text.js")), import(at("_static/search/hangul.js")), data()]);
  const bare = (text) => flatten(text.normalize("NFC")).flat, WORD = /[가-힣ㄱ-ㅣ]+|[A-Za-z0-9_]+/g;
  const tokenize = (text) => {
    const words = text.match(WORD) ?? [], tokens = [];
    words.forEach((word, k) => {
      tokens.push(bare(word));
      if (k && isHangul(word[0]) && isHangul(words[k - 1][0])) tokens.push(bare(words[k - 1] + word));
      if (word.includes("_")) tokens.push(...word.toLowerCase().split("_"));
    });
    return tokens.filter(Boolean);
  };
  const search = new MiniSearch({ fields: ["h", "k", "x", "c", "p"], tokenize, processTerm: (term) => term });
  const { entries, pages } = index, show = shape(index);
  search.addAll(entries.map((e, id) => ({ id, h: e.h, k: e.k ?? "", x: e.x ?? "", c: e.c ?? "", p: e.a ? pages[e.p].h : "" })));
  const names = new Map();
  for (const [name, instead] of Object.entries(index.words)) names.set(bare(name), [instead].flat());
  for (const term of index.terms) for (const name of [...term.s, ...term.b, ...term.f, term.k]) names.set(bare(name), [term.k]);
  const prior = (e) => (e.a ? pages[e.p].w : Math.max(0.8, pages[e.p].w)) * (e.w ?? 1) * (e.t === 1 ? 0.35 : e.t === 2 ? 0.5 : 1);
  const one = (keys, boost) => ({ queries: [keys], tokenize: (text) => [text], prefix: true, fuzzy: keys.length > 4 ? 0.2 : false, boostTerm: () => boost });
  return (query) => {
    const words = query.normalize("NFC").toLowerCase().match(WORD) ?? [], queries = [];
    for (let k = 0; k < words.length;) {
      let taken = 0;
      for (let size = Math.min(5, words.length - k); size && !taken; size--) {
        const head = words.slice(k, k + size - 1).map(bare).join("");
        for (const way of readings(words[k + size - 1])) {
          const known = names.get(head + way.keys);
          if (!known) continue;
          queries.push({ combineWith: "OR", queries: [...known.map((name) => one(bare(name), 1)), one(head + way.keys, 0.5)] });
          taken = size;
          break;
        }
      }
      if (!taken) { queries.push({ combineWith: "OR", queries: readings(words[k]).map((way) => one(way.keys, way.weight)) }); taken = 1; }
      k += taken;
    }
    const ask = (combineWith) => search.search({ combineWith, queries }, { boost: { h: 4, k: 1.2, x: 1, c: 0.6, p: 0.4 }, boostDocument: (id) => prior(entries[id]) });
    let found = queries.length ? ask("AND") : [];
    if (!found.length && queries.length > 1) found = ask("OR");
    return found.map(({ id }) => show(entries[id]));
  };
}

export async function pagefind() {
  const library = await import(at("pagefind/pagefind.js"));
  await library.init();
  const clean = (text) => text.replace(/#$/, "").trim();
  return async (query) => {
    const { results } = await library.search(query);
    const found = [];
    for (const result of results.slice(0, 5)) {
      const page = await result.data();
      const best = page.sub_results.toSorted((a, b) => b.weighted_locations.length - a.weighted_locations.length)[0];
      found.push({ url: new URL(page.url, location.origin).pathname.slice(1), section: clean(best?.title ?? page.meta.title) });
    }
    return found;
  };
}

async function sphinx(folder) {
  const script = (name) => new Promise((done, fail) => {
    document.head.append(Object.assign(document.createElement("script"), { src: at(`bench/${folder}/${name}`), onload: done, onerror: fail }));
  });
  window.DOCUMENTATION_OPTIONS = { FILE_SUFFIX: ".html", LINK_SUFFIX: ".html", BUILDER: "html", NAVIGATION_WITH_KEYS: false };
  for (const name of ["doctools.js", "sphinx_highlight.js", "language_data.js", "searchtools.js", "searchindex.js"]) await script(name);
  const Search = (0, eval)("Search");   // a script's const: no property of window
  return (query) => Search._performSearch(...Search._parseQuery(query)).toReversed()
    .map(([docname, title]) => ({ url: `${docname}.html`, section: title.split(" > ").at(-1) }));
}

export const sphinxPlain = () => sphinx("sphinx");
export const sphinxKorean = () => sphinx("sphinx-ko");
