// A text as the search reads it: keys without spaces and punctuation, and where in it something stands.

import { isHangul, isSyllable, keysOf } from "./hangul.js";

const WORD = /[\p{L}\p{N}]/u;
const KEPT = /[\p{L}\p{N}\p{M}∂⊙]/u;
const LONG = 130;

/** { flat, start: 2 at a word, 1 at a syllable or a part of a name, at: the character of each key }. */
export function flatten(text) {
  let flat = "", previous = " ", index = 0;
  const start = [], at = [];
  for (const char of text) {
    if (KEPT.test(char)) {
      const opens = !WORD.test(previous) && previous !== "_";
      const turns = isSyllable(char) || isHangul(char) !== isHangul(previous) || previous === "_"
        || (/[a-z]/.test(previous) && /[A-Z]/.test(char));
      [...keysOf(char.toLowerCase())].forEach((key, k) => {
        start.push(k ? 0 : opens ? 2 : turns ? 1 : 0);
        at.push(index);
        flat += key;
      });
    }
    previous = char;
    index += char.length;
  }
  return { flat, start, at };
}

/** The keys of a name or a word. */
export const bare = (text) => flatten(text.normalize("NFC")).flat;

/**
 * Where `wanted` stands in a flattened text: [weight, first key, last key]. Less than a whole word weighs less; least of all
 * where the last consonant of `wanted` opens the next syllable (기억 in 기어가다), unless it is still being typed.
 */
export function places({ flat, start, at }, wanted, typing) {
  const found = [], korean = isHangul(wanted.at(-1)), vowel = korean && wanted.at(-1) >= "ㅏ";
  for (let from = flat.indexOf(wanted); from >= 0; from = flat.indexOf(wanted, from + 1)) {
    if (!start[from]) continue;
    const end = from + wanted.length, last = end - 1;
    const cut = end < flat.length && !start[end];
    let weight = start[from] === 2 ? 1 : isHangul(wanted[0]) ? 0.5 : 0.7;
    if (cut && !korean) {
      if (wanted.length < 3) continue;
      weight *= 0.6;
    } else if (cut && at[end] === at[last]) {
      weight *= vowel ? 0.8 : typing ? 0.7 : 0.5;
    } else if (cut) {
      weight *= typing ? 0.6 : 0.25;
    }
    found.push([weight, from, last]);
  }
  return found;
}

/** Edit distance, two neighbours swapped counting one; limit + 1 where it is more than the limit. */
export function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before = [], row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[b.length];
}

/** A piece of a text, shortened around its marks: { text, ranges }. */
export function clip(text, { from, to, inside }, most = LONG) {
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
