// Linked math: a symbol pointed at, focused or tapped is lit in the formula, the figure and the code.
for (const block of document.querySelectorAll(".linked")) {
  const announcer = document.getElementById("announcer");
  const buttons = new Map();
  let pinned = null;

  const parts = (symbol) => [...block.querySelectorAll(`.sym-${CSS.escape(symbol)}`)];
  const light = (symbol) => {
    for (const part of block.querySelectorAll(".lit")) part.classList.remove("lit");
    block.classList.toggle("has-lit", Boolean(symbol));
    for (const [name, button] of buttons) button.classList.toggle("on", name === symbol);
    if (symbol) for (const part of parts(symbol)) part.classList.add("lit");
  };
  const pin = (symbol) => {
    pinned = symbol;
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", String(name === symbol));
    light(symbol);
  };
  const say = (symbol) => {
    const count = (selector) => parts(symbol).filter((part) => part.closest(selector)).length;
    const found = [["식", ".katex-html"], ["그림", "svg.figure"], ["코드", "pre"]]
      .map(([name, selector]) => [name, count(selector)]).filter(([, n]) => n).map(([name, n]) => `${name} ${n}곳`);
    if (announcer) announcer.textContent = `${buttons.get(symbol).dataset.name}: ${found.join(", ")}에 표시했습니다.`;
  };

  for (const item of block.querySelectorAll(".linked-legend > li")) {
    const symbol = item.dataset.symbol;
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...item.childNodes);
    const spoken = button.cloneNode(true);
    for (const hidden of spoken.querySelectorAll(".katex-html, annotation")) hidden.remove();
    button.dataset.name = spoken.textContent.replace(/\s+/g, " ").trim();
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("focus", () => { light(symbol); say(symbol); });
    button.addEventListener("blur", () => light(pinned));
    button.addEventListener("click", () => { pin(pinned === symbol ? null : symbol); if (pinned) say(symbol); else light(symbol); });
    buttons.set(symbol, button);
    item.append(button);
  }
  block.classList.add("ready");

  // the innermost symbol under a pointer; only those in the legend count
  const at = (target) => {
    const button = target.closest(".linked-legend button");
    if (button) return [...buttons].find(([, each]) => each === button)[0];
    for (let part = target.closest("[class*=sym-]"); part && block.contains(part); part = part.parentElement.closest("[class*=sym-]")) {
      const symbol = [...part.classList].map((name) => name.replace(/^sym-/, "")).find((name) => buttons.has(name));
      if (symbol) return symbol;
    }
    return null;
  };
  block.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse") light(at(event.target) ?? pinned); });
  block.addEventListener("pointerleave", () => light(pinned));
  block.addEventListener("click", (event) => {
    if (event.target.closest("button, a")) return;
    const symbol = at(event.target);
    pin(symbol === pinned ? null : symbol);
    if (symbol && pinned) say(symbol);
  });
  block.addEventListener("keydown", (event) => { if (event.key === "Escape") pin(null); });
}
