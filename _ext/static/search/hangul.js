// Hangul as it is typed: a syllable is the keys that make it, so 망ㄱ begins 망각 and 기욹 begins 기울기.

const FIRST = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const MIDDLE = ["ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"];
const LAST = ["", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"];
const LONE = { ㅘ: "ㅗㅏ", ㅙ: "ㅗㅐ", ㅚ: "ㅗㅣ", ㅝ: "ㅜㅓ", ㅞ: "ㅜㅔ", ㅟ: "ㅜㅣ", ㅢ: "ㅡㅣ", ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
const GA = 0xac00, HIH = 0xd7a3;

export const isSyllable = (char) => char >= "가" && char <= "힣";
export const isHangul = (char) => isSyllable(char) || (char >= "ㄱ" && char <= "ㅣ");

/** The keys of one character: 각 -> ㄱㅏㄱ; anything else stays. */
export function keysOf(char) {
  const code = char.charCodeAt(0);
  if (code < GA || code > HIH) return LONE[char] ?? char;
  const n = code - GA;
  return FIRST[Math.floor(n / 588)] + MIDDLE[Math.floor(n / 28) % 21] + LAST[n % 28];
}

export const keys = (text) => [...text].map(keysOf).join("");

/** First consonants: 망각 게이트 -> ㅁㄱㄱㅇㅌ. */
export const initials = (text) => [...text].filter(isSyllable).map((char) => FIRST[Math.floor((char.charCodeAt(0) - GA) / 588)]).join("");

/** Keys back into syllables: ㄱㅣㅇㅜㄹㄱㅣ -> 기울기. */
export function compose(typed) {
  const list = [...typed];
  const middles = new Set(MIDDLE), first = (k) => FIRST.indexOf(k);
  let text = "";
  for (let at = 0; at < list.length;) {
    const f = first(list[at]);
    if (f < 0 || !middles.has(list[at + 1])) { text += list[at++]; continue; }
    let m = list[at + 1], next = at + 2;
    if (middles.has(m + list[next])) m += list[next++];
    let last = "";
    // a consonant belongs to this syllable unless a vowel follows it
    const free = (k) => list[k] !== undefined && LAST.includes(list[k]) && list[k] !== "" && !middles.has(list[k + 1]);
    if (free(next)) {
      last = list[next++];
      if (LAST.includes(last + list[next]) && free(next)) last += list[next++];
    }
    text += String.fromCharCode(GA + f * 588 + MIDDLE.indexOf(m) * 28 + LAST.indexOf(last));
    at = next;
  }
  return text;
}

const ENGLISH = "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml";
const KOREAN = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ";
const toKorean = Object.fromEntries([...ENGLISH].map((key, k) => [key, KOREAN[k]]));
const toEnglish = Object.fromEntries([...KOREAN].map((key, k) => [key, ENGLISH[k].toLowerCase()]));

/** What the same keys write with the Hangul key the other way; null where nothing sensible comes out. */
export function otherLayout(text) {
  if (/^[A-Za-z ]+$/.test(text)) {
    const korean = text.split(" ").map((word) => compose([...word].map((key) => toKorean[key] ?? toKorean[key.toLowerCase()]).join(""))).join(" ");
    return /^[가-힣 ]+$/.test(korean) ? korean : null;
  }
  if (/^[ㄱ-ㅣ가-힣 ]+$/.test(text) && /[ㄱ-ㅣ]/.test(text)) return [...keys(text)].map((key) => toEnglish[key] ?? key).join("");
  return null;
}

// Particles and endings, longest first, as keys. A stem keeps at least two syllables, or one where a verb ending was cut.
const PARTICLES = "에서부터 으로부터 에서는 에서도 에게서 으로는 으로도 이라는 이라고 이란 에서 에게 까지 부터 처럼 보다 마다 만큼 조차 마저 밖에 라는 라고 으로 에는 에도 에만 과의 와의 이나 이며 이고 이다 입니다 란 은 는 이 가 을 를 의 에 도 만 로 와 과 나".split(" ");
const ENDINGS = "하려면 하기 하는 하면 하고 하여 해서 했다 한다 합니다 했습니다 하지 할 한 해 되는 된다 됩니다 되면 되어 시키는 시킨다 시키기 시키면 려면 으려면 습니다 는다 으면 어서 아서 는지 면서 기 는 면 고 지 던 게 어 아 었다 았다".split(" ");
const byLength = (list) => list.map(keys).sort((a, b) => b.length - a.length);
const CLEAR_KEYS = byLength(["을", "를", "은", "는", "의"]);   // safe after one syllable: 셀을, but not 결과
const PARTICLE_KEYS = byLength(PARTICLES), ENDING_KEYS = byLength(ENDINGS);
// -ㄴ다, -ㅂ니다, -였다: part of the last syllable, so only keys can say them; then 옮겨 -> 옮기, 지워 -> 지우
const MERGED_KEYS = ["ㅆㅅㅡㅂㄴㅣㄷㅏ", "ㅆㄷㅏ", "ㅂㄴㅣㄷㅏ", "ㄴㄷㅏ"];
const CONTRACTED = [["ㅎㅐ", ""], ["ㅕ", "ㅣ"], ["ㅜㅓ", "ㅜ"]];

/** Ways to read a Korean word, the typed one first: [{ keys, weight }]. */
export function readings(word) {
  const whole = keys(word), found = new Map([[whole, 1]]);
  const syllables = [...word].length;
  const add = (stem, weight) => { if (!found.has(stem)) found.set(stem, weight); };
  const cut = (endings, least, weight) => {
    const ending = endings.find((one) => whole.endsWith(one) && whole.length - one.length >= least);
    if (ending) add(whole.slice(0, -ending.length), weight);
  };
  if (syllables > 1 && isSyllable(word.at(-1))) {
    if (syllables > 2) cut(PARTICLE_KEYS, 4, 0.9);
    else cut(CLEAR_KEYS, 2, 0.7);
    cut(ENDING_KEYS, 3, 0.7);
    cut(MERGED_KEYS, 4, 0.7);
    for (const stem of [...found.keys()]) {
      for (const [end, instead] of CONTRACTED) if (stem.endsWith(end) && stem.length > 4) add(stem.slice(0, -end.length) + instead, 0.65);
    }
  }
  return [...found].map(([stem, weight]) => ({ keys: stem, weight }));
}
