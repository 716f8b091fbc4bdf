// A code editor for Korean hands: a plain <textarea> (a contenteditable loses newlines and breaks Hangul
// composition) over a coloured copy of its text. Tab indents; Escape, then Tab, leaves.

const KEYWORDS = "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
const CONSTANTS = "True False None";
const BUILTINS = "abs all any bool dict enumerate float int isinstance len list max min print range repr reversed round set sorted str sum super tuple type zip";
const words = (list) => `\\b(?:${list.replaceAll(" ", "|")})\\b`;
// The classes are Pygments', so the theme's own colours apply, light and dark.
const RULES = [
  ["c1", "#.*"],
  ["s", "[rbfRBF]{0,2}(?:\"\"\"[\\s\\S]*?(?:\"\"\"|$)|'''[\\s\\S]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?)"],
  ["mi", "\\b(?:0[xX][\\da-fA-F]+|\\d[\\d_]*\\.?\\d*(?:[eE][+-]?\\d+)?)"],
  ["k", words(KEYWORDS)],
  ["kc", words(CONSTANTS)],
  ["nb", words(BUILTINS)],
  ["o", "[-+*/%@=<>!&|^~:]+"],
];
const GRAMMAR = new RegExp(RULES.map(([, rule]) => `(${rule})`).join("|"), "g");

function paint(code, text) {
  code.replaceChildren();
  let at = 0;
  for (const match of text.matchAll(GRAMMAR)) {
    if (!match[0]) continue;
    code.append(text.slice(at, match.index));
    const span = document.createElement("span");
    span.className = RULES[match.slice(1).findIndex((group) => group !== undefined)][0];
    span.textContent = match[0];
    code.append(span);
    at = match.index + match[0].length;
  }
  code.append(text.slice(at) + (text === "" || text.endsWith("\n") ? " " : "")); // an empty last line needs a height
}

let count = 0;

/** An editor for `text` in the dress of the code block `like`. */
export function editor(text, { like, label, change, run }) {
  const frame = document.createElement("div");
  const id = `live-hint-${++count}`;
  frame.innerHTML = `<div class="live-editor highlight"><div class="live-scroll"><div class="live-stack"><pre aria-hidden="true"><code></code></pre>
<textarea spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" wrap="off" aria-describedby="${id}"></textarea></div></div></div>
<p class="live-hint" id="${id}"><kbd>Shift</kbd>+<kbd>Enter</kbd> 실행 <span>·</span> <kbd>Tab</kbd> 들여쓰기 <span>·</span> <kbd>Esc</kbd> 누르고 <kbd>Tab</kbd> 나가기</p>`;
  const field = frame.querySelector("textarea");
  const code = frame.querySelector("code");
  const looks = getComputedStyle(like);
  frame.style.setProperty("--live-font", `${looks.fontWeight} ${looks.fontSize}/${looks.lineHeight} ${looks.fontFamily}`);
  frame.style.setProperty("--live-padding", looks.padding);
  let leaving = false;
  field.setAttribute("aria-label", label);
  field.value = text;
  paint(code, text);

  const refresh = () => {
    paint(code, field.value);
    change();
  };
  const type = (insert) => { // keeps the browser's own undo
    if (!document.execCommand("insertText", false, insert)) {
      field.setRangeText(insert, field.selectionStart, field.selectionEnd, "end");
      refresh();
    }
  };
  const lineStart = () => field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;

  field.addEventListener("input", refresh);
  field.addEventListener("blur", () => { leaving = false; });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // a syllable is being composed: not ours
    const selected = field.selectionStart !== field.selectionEnd;
    if (event.key === "Escape") {
      leaving = true;
    } else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (event.key === "Tab" && !event.shiftKey && !leaving) {
      event.preventDefault();
      if (selected) {
        const [from, to] = [lineStart(), field.selectionEnd];
        field.setSelectionRange(from, to);
        type(field.value.slice(from, to).replace(/^(?=.)/gm, "    "));
      } else {
        type(" ".repeat(4 - ((field.selectionStart - lineStart()) % 4)));
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      const line = field.value.slice(lineStart(), field.selectionStart);
      type(`\n${line.match(/^\s*/)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
    } else if (event.key === "Backspace" && !selected) {
      const line = field.value.slice(lineStart(), field.selectionStart);
      if (/^ +$/.test(line) && line.length % 4 === 0) {
        event.preventDefault();
        field.setSelectionRange(field.selectionStart - 4, field.selectionStart);
        document.execCommand("delete");
      }
    }
    if (event.key !== "Escape" && event.key !== "Shift") leaving = leaving && event.key === "Tab";
  });
  return { frame, field };
}
