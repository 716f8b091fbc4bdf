// On every page: the box one types into, there at once; all that reads it comes with the first use.

const root = document.documentElement.dataset.content_root ?? "./";
const own = document.querySelector("[data-finder]");   // the search page carries its own box
const load = () => import("./finder.js");
const form = Object.assign(document.createElement("form"), { className: "finder-form", action: `${root}search.html` });
form.setAttribute("role", "search");
form.innerHTML = `<input type="search" name="q" aria-label="찾을 말" placeholder="책에서 찾기" enterkeyhint="search"
  autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false">`;
const input = form.elements.q;
let dialog, finder;

/** Enter goes to the first result when there is one; where the finder cannot be had, to the search page. */
function furnish(filled) {
  finder = filled.catch(() => null);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finder.then((ready) => (ready ? ready.go() : form.submit()));
  });
}

function open() {
  if (own) return input.focus();
  if (!dialog) {
    dialog = Object.assign(document.createElement("dialog"), { className: "finder" });
    dialog.setAttribute("aria-label", "책에서 찾기");
    dialog.style.opacity = 0;   // until its style sheet is there
    dialog.append(form);
    document.body.append(dialog);
    furnish(load().then((module) => module.fillDialog(dialog, form, root)));
    finder.then(() => { dialog.style.opacity = ""; });
  }
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
}

if (own) {
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  own.replaceChildren(form);
  if (!input.value || matchMedia("(min-width: 48rem)").matches) input.focus();
  furnish(load().then((module) => module.fillPage(form, root)));
}

const opens = (element) => {
  element.setAttribute("aria-haspopup", "dialog");
  element.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
  element.addEventListener("click", (event) => { event.preventDefault(); open(); });
  element.addEventListener("pointerenter", load, { once: true });
};

for (const head of document.querySelectorAll(".book-search")) {
  const button = head.querySelector("input"), typed = button === document.activeElement && button.value;
  if (own) { head.style.display = "none"; continue; }
  // with scripts the box in the page's head is a button: the dialog has the real one
  button.type = "button";
  button.value = button.placeholder;
  button.style.textAlign = "left";
  button.style.cursor = "pointer";
  button.title = "단축키 / 또는 Ctrl+K";
  const hint = Object.assign(document.createElement("kbd"), { textContent: "/" });
  hint.ariaHidden = "true";
  hint.style.cssText = "position:absolute;right:.6rem;top:50%;translate:0 -50%;pointer-events:none";
  head.append(hint);
  opens(button);
  if (typed) { open(); input.value = typed; }
}
if (!own) document.querySelectorAll(".search-link").forEach(opens);

const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]")
  && !element.matches("[type=button], [type=radio], [type=checkbox]");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  const command = (event.ctrlKey || event.metaKey) && event.code === "KeyK" && !event.shiftKey;
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target);
  if (!command && !slash) return;
  event.preventDefault();
  open();
});
