// On every page: waits for someone who wants to search; everything else comes with the first use.

const root = document.documentElement.dataset.content_root ?? "./";
const own = document.querySelector("[data-finder]");   // the search page carries its own box
const load = () => import("./finder.js");
let finder;

async function open(text = "") {
  if (own) return own.querySelector("input")?.focus();
  finder ??= load().then((module) => module.createDialog(root));
  (await finder).open(text);
}

if (own) load().then((module) => module.mountPage(own, root));

const opens = (element) => {
  element.setAttribute("aria-haspopup", "dialog");
  element.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
  element.addEventListener("click", (event) => { event.preventDefault(); open(); });
  element.addEventListener("pointerenter", load, { once: true });
};

for (const form of document.querySelectorAll(".book-search")) {
  const input = form.querySelector("input");
  if (own) { form.style.display = "none"; continue; }
  // with scripts the box in the page's head is a button: the dialog has the real one
  input.type = "button";
  input.value = input.placeholder;
  input.style.textAlign = "left";
  input.style.cursor = "pointer";
  input.title = "단축키 / 또는 Ctrl+K";
  const hint = Object.assign(document.createElement("kbd"), { textContent: "/" });
  hint.ariaHidden = "true";
  hint.style.cssText = "position:absolute;right:.6rem;top:50%;translate:0 -50%;pointer-events:none";
  form.append(hint);
  opens(input);
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
