// The frame's few moving parts: brightness, copy buttons, the open section, boxes that scroll.
(() => {
  const root = document.documentElement;
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];

  // brightness: 자동 → 밝게 → 어둡게
  const names = { auto: "자동", light: "밝게", dark: "어둡게" };
  const order = Object.keys(names);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".mode");
  const label = () => {
    const text = `화면 밝기: ${names[root.dataset.mode]}`;
    button.setAttribute("aria-label", text);
    button.title = text;
  };
  if (button) {
    button.hidden = false;
    label();
    button.addEventListener("click", () => {
      const mode = order[(order.indexOf(root.dataset.mode) + 1) % order.length];
      root.dataset.mode = mode;
      root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
      try { localStorage.setItem("mode", mode); } catch {}
      label();
    });
  }

  // copy buttons
  const announcer = document.getElementById("announcer");
  const announce = (text) => { announcer.textContent = ""; requestAnimationFrame(() => { announcer.textContent = text; }); };
  if (navigator.clipboard) {
    for (const block of $(".highlight")) {
      if (block.closest(".cell_output")) continue;
      const copy = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "복사" });
      copy.setAttribute("aria-label", "코드 복사");
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(block.querySelector("pre").textContent.replace(/\n$/, ""));
        copy.textContent = "복사했습니다";
        announce("코드를 복사했습니다");
        setTimeout(() => { copy.textContent = "복사"; }, 1600);
      });
      block.append(copy);
    }
  }

  // boxes wider than the page scroll by keyboard too
  const labels = { PRE: "코드", TABLE: "표", MATH: "수식" };
  const boxes = $("pre, .math-scroll, .pst-scrollable-table-container, .scrolls");
  const near = new Set();
  const reachable = (some = near) => {
    for (const box of some) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls === box.hasAttribute("data-scrolls")) continue;
      if (scrolls) {
        const kind = box.matches(".math-scroll") ? "MATH" : box.matches("pre") ? "PRE" : "TABLE";
        box.tabIndex = 0;
        box.dataset.scrolls = "";
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", `옆으로 넘겨 보는 ${labels[kind]}`);
      } else {
        for (const name of ["tabindex", "data-scrolls", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  };
  const approach = new IntersectionObserver((entries) => {
    const come = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    for (const box of come) { near.add(box); approach.unobserve(box); }
    reachable(come);
  }, { rootMargin: "50%" });
  for (const box of boxes) approach.observe(box);
  addEventListener("resize", () => reachable());
  document.fonts?.ready.then(() => reachable());

  // contents: follow the section being read; close the drawer after a choice
  const nav = document.getElementById("site-nav");
  const links = new Map($(".sections a", nav ?? document).map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (sections.length) {
    const mark = () => {
      const line = innerHeight * 0.3;
      const open = sections.filter((section) => section.getBoundingClientRect().top < line).at(-1);
      for (const [id, link] of links) {
        if (open?.id === id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    new IntersectionObserver(mark, { rootMargin: "-30% 0px -69% 0px" }).observe(sections[0]);
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => { waiting = false; mark(); }, 120);
    }, { passive: true });
    mark();
  }
  nav?.addEventListener("click", (event) => {
    if (event.target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
  });
  nav?.querySelector("[aria-current=page]")?.scrollIntoView?.({ block: "nearest" });
})();
