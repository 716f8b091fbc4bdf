// Run, edit, stop and reset the page's live cells. Without this script the page shows code and output, as printed.
import { editor } from "./editor.js";

const here = import.meta.url;

const REASONS = {
  network: "네트워크에 연결할 수 없어 파이썬을 받지 못했습니다. 연결을 확인하고 다시 실행하십시오.",
  missing: "파이썬 파일을 찾지 못했습니다. 책이 그사이 바뀌었을 수 있으니 페이지를 새로 고치십시오.",
  tampered: "받은 파일이 이 책이 정한 파일과 달라(sha256 불일치) 실행하지 않았습니다. 페이지를 새로 고쳐도 마찬가지면 책의 관리자에게 알려 주십시오.",
  other: "파이썬을 시작하지 못했습니다.",
};

/** The page's one Python. It starts on the first run and lives until it is stopped. */
class Python {
  worker = null;
  settings = null;
  listener = null;
  ready = false;
  turn = 0;

  async config() {
    this.settings ??= fetch(new URL("config.json", here), { cache: "no-cache" })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error("missing"))))
      .catch((error) => { this.settings = null; throw error; });
    return this.settings;
  }

  /** Runs one cell; `listen` hears progress, output and the one closing message, which is also returned. */
  async run(source, number, listen) {
    const turn = ++this.turn;
    let config;
    try {
      config = await this.config();
    } catch (error) {
      return { type: "failed", reason: error.message === "missing" ? "missing" : "network", detail: "config.json" };
    }
    if (turn !== this.turn) return { type: "stopped" };
    if (!this.worker) this.spawn(config);
    return new Promise((resolve) => {
      this.listener = (message) => {
        listen(message);
        if (["done", "failed", "stopped"].includes(message.type)) {
          this.listener = null;
          if (message.type === "failed") this.drop();
          resolve(message);
        }
      };
      this.worker.postMessage({ type: "run", id: turn, source, number, config: this.payload(config) });
    });
  }

  payload(config) {
    return { base: new URL("./", here).href, ...config };
  }

  spawn(config) {
    this.worker = new Worker(new URL(config.worker, here));
    this.worker.onmessage = ({ data }) => {
      if (data.type === "ready") this.ready = true;
      this.listener?.(data);
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.listener?.({ type: "failed", reason: "network", detail: event.message ?? "worker" });
    };
  }

  drop() {
    this.worker?.terminate();
    this.worker = null;
    this.ready = false;
  }

  /** Ends the worker wherever it is, even inside `while True`, and starts a fresh one for the next run. */
  stop() {
    const wasReady = this.ready;
    const listener = this.listener;
    this.turn++;
    this.drop();
    listener?.({ type: "stopped" });
    if (wasReady) this.config().then((config) => {
      if (this.worker) return;
      this.spawn(config);
      this.worker.postMessage({ type: "start", id: 0, config: this.payload(config) });
    }).catch(() => {});
  }
}

const element = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

const ICONS = {
  run: "M4 2.5v11l9-5.5z",
  stop: "M3.5 3.5h9v9h-9z",
  edit: "M10.8 1.9l3.3 3.3-8.6 8.6-4 .7.7-4zM9.3 3.4l3.3 3.3",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2v3.4h3.4",
};
const icon = (name) => {
  const holder = document.createElement("span");
  holder.innerHTML = `<svg class="live-icon live-icon-${name}" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  return holder.firstChild;
};

const fingerprint = (text) => {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
};

const memory = {
  read(key) { try { return localStorage.getItem(key); } catch { return null; } },
  write(key, value) {
    try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* private window */ }
  },
};

const python = new Python();
const cells = [];
const twins = new Map();
let queue = Promise.resolve();

class Cell {
  ran = false; // its present code has been run in the present Python
  tried = false; // the reader ran it, so later cells may need it
  busy = false;
  field = null;

  constructor(root) {
    this.root = root;
    this.number = cells.length + 1;
    this.input = root.querySelector(".cell_input");
    this.block = this.input.querySelector(".highlight").parentElement;
    this.original = this.input.querySelector("pre").textContent.replace(/\n+$/, "");
    this.exercise = root.classList.contains("tag_exercise");
    const mark = fingerprint(this.original);
    twins.set(mark, (twins.get(mark) ?? 0) + 1);
    this.key = `rnnbook:live:${location.pathname}:${mark}:${twins.get(mark)}`;
    this.dress();
    const saved = memory.read(this.key);
    if (saved !== null && saved !== this.original) {
      this.open(saved);
      this.say("지난번에 고친 코드입니다");
    } else if (this.number === 1) {
      this.say("처음 실행할 때 한 번만 파이썬(약 9 MB)을 내려받습니다");
    }
  }

  get code() { return this.field ? this.field.value : this.original; }
  get edited() { return this.code !== this.original; }

  dress() {
    const button = (name, label, act) => {
      const made = element("button", { type: "button", class: `live-button live-${name}` }, icon(name), label);
      made.addEventListener("click", (event) => { if (event.detail < 2) act(); }); // not twice on a double click
      return made;
    };
    this.runButton = button("run", "실행", () => this.toggle());
    this.editButton = button("edit", "편집", () => { this.open(this.code); this.field.focus(); });
    this.resetButton = button("reset", "처음으로", () => this.reset());
    this.resetButton.hidden = true;
    this.status = element("span", { class: "live-status", role: "status" });
    this.meter = element("progress", { class: "live-meter", max: "1", "aria-label": "파이썬 내려받기" });
    this.amount = element("span", { class: "live-amount", "aria-hidden": "true" });
    this.meter.hidden = this.amount.hidden = true;
    const name = element("span", { class: "live-name" }, `코드 칸 ${this.number}`);
    this.bar = element("div", { class: "live-bar", role: "group", "aria-label": `코드 칸 ${this.number}` },
      this.runButton, this.editButton, this.resetButton, this.meter, this.amount, this.status, name);
    this.output = element("div", { class: "live-output cell_output", role: "region", "aria-label": `코드 칸 ${this.number}의 실행 결과` });
    this.output.hidden = true;
    this.input.after(this.bar, this.output);
    this.printed = [...this.root.querySelectorAll(".cell_output")].filter((node) => node !== this.output);
    this.root.classList.add("live-cell");
  }

  say(text, kind = "") {
    this.status.textContent = text;
    this.status.className = `live-status ${kind}`;
  }

  open(text) {
    if (this.field) return;
    const made = editor(text, {
      like: this.input.querySelector("pre"),
      label: `코드 칸 ${this.number}의 파이썬 코드`,
      change: () => this.changed(),
      run: () => { if (!this.busy) this.toggle(); },
    });
    this.field = made.field;
    this.frame = made.frame;
    this.block.after(this.frame);
    this.block.hidden = true;
    this.editButton.hidden = true;
    this.resetButton.hidden = false;
  }

  changed() {
    this.ran = false;
    memory.write(this.key, this.edited ? this.code : null);
    this.say(this.edited ? "고친 코드입니다" : "");
  }

  reset() {
    if (this.busy) python.stop();
    memory.write(this.key, null);
    const changed = this.edited;
    this.frame?.remove();
    this.field = this.frame = null;
    this.block.hidden = false;
    this.editButton.hidden = false;
    this.resetButton.hidden = true;
    this.output.replaceChildren();
    this.output.hidden = true;
    for (const node of this.printed) node.hidden = false;
    if (changed) this.ran = false;
    this.say("처음 코드로 되돌렸습니다");
    this.editButton.focus();
  }

  toggle() {
    if (this.busy) python.stop();
    else this.request();
  }

  request() {
    this.mark(true);
    this.say("차례를 기다립니다");
    const asked = { stopped: false };
    stopping.add(asked);
    queue = queue.then(async () => {
      if (asked.stopped) return this.finish({ type: "stopped" });
      for (const earlier of cells.slice(0, this.number - 1)) {
        if (earlier.ran || (earlier.exercise && !earlier.tried)) continue;
        this.say(`앞의 코드 칸 ${earlier.number}부터 실행합니다`);
        const end = await earlier.perform(this);
        if (end.type === "done" && end.ok) continue;
        if (end.type === "done") this.finish({ type: "blocked", number: earlier.number });
        return end.type === "done" ? undefined : this.finish(end);
      }
      this.tried = true;
      await this.perform(this);
    }).catch((error) => this.finish({ type: "failed", reason: "other", detail: String(error) }))
      .finally(() => stopping.delete(asked));
  }

  /** The printed output gives way to a real one. */
  setAside() {
    for (const node of this.printed) node.hidden = true;
  }

  mark(busy) {
    this.busy = busy;
    this.root.classList.toggle("live-busy", busy);
    this.root.setAttribute("aria-busy", busy);
    this.runButton.replaceChildren(icon(busy ? "stop" : "run"), busy ? "중단" : "실행");
    if (!busy) this.meter.hidden = this.amount.hidden = true;
  }

  async perform(asker) {
    this.mark(true);
    const paper = new Paper(this.output, () => this.setAside());
    if (python.ready) this.say("실행하고 있습니다");
    const end = await python.run(this.code, this.number, (message) => {
      if (message.type === "output") paper.put(message.kind, message.text);
      else asker.progress(message, this);
    });
    paper.flush();
    this.ran = end.type === "done" && end.ok;
    if (end.type === "done") this.setAside(); // also when the new code prints nothing
    this.resetButton.hidden = this.output.hidden && !this.field && !this.printed.length;
    if (end.type === "done" || asker === this) this.finish(end);
    else this.mark(false); // Python never came up: only the cell that asked says so
    return end;
  }

  progress(message, running) {
    if (message.type === "progress") {
      if (this.meter.hidden) this.say(python.ready ? "자료를 받고 있습니다" : "파이썬을 불러오고 있습니다");
      this.meter.hidden = this.amount.hidden = false;
      this.meter.value = message.share;
      this.amount.textContent = `${Math.round(100 * message.share)}%`;
    } else if (message.type === "phase") {
      this.say("NumPy를 준비하고 있습니다");
    } else if (message.type === "ready") {
      this.meter.hidden = this.amount.hidden = true;
      this.say(running === this ? "실행하고 있습니다" : `앞의 코드 칸 ${running.number}부터 실행합니다`);
    }
  }

  finish(end) {
    this.mark(false);
    if (end.type === "done") {
      const time = end.seconds < 0.95 ? `${Math.max(1, Math.round(1000 * end.seconds))} ms` : `${end.seconds.toFixed(1)}초`;
      if (end.ok) this.say(`실행했습니다 · ${time}`, "live-good");
      else this.say("오류가 났습니다", "live-bad");
    } else if (end.type === "blocked") {
      this.say(`앞의 코드 칸 ${end.number}에서 오류가 나 실행하지 못했습니다`, "live-bad");
    } else if (end.type === "stopped") {
      this.say("중단했습니다. 변수가 모두 사라졌으니, 다시 실행하면 앞 코드 칸부터 새로 계산합니다.");
    } else {
      for (const cell of cells) cell.ran = false; // that Python is gone
      const paper = new Paper(this.output, () => this.setAside());
      paper.put("error", `${REASONS[end.reason] ?? REASONS.other}\n${end.detail}`);
      paper.flush();
      this.resetButton.hidden = false;
      this.say(end.reason === "tampered" ? "파이썬을 실행하지 않았습니다" : "파이썬을 불러오지 못했습니다", "live-bad");
    }
  }
}

const stopping = new Set();
const stopPython = python.stop.bind(python);
python.stop = () => {
  for (const asked of stopping) asked.stopped = true;
  for (const cell of cells) cell.ran = false;
  stopPython();
};

/** Where one run writes. Text is gathered and drawn once a frame, so that a flood of prints cannot freeze the page. */
class Paper {
  constructor(output, firstMark) {
    this.output = output;
    this.firstMark = firstMark;
    this.waiting = [];
    this.fresh = true;
    output.replaceChildren();
    output.hidden = true;
  }

  put(kind, text) {
    this.waiting.push([kind, text]);
    this.frame ??= requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    for (const [kind, text] of this.waiting.splice(0)) this.draw(kind, text);
  }

  draw(kind, text) {
    if (this.fresh) {
      this.fresh = false;
      this.output.hidden = false;
      this.firstMark();
    }
    if (kind === "html") {
      const box = element("div", { class: "live-html" });
      box.innerHTML = text;
      this.output.append(box);
      for (const dead of box.querySelectorAll("script")) { // scripts set by innerHTML never run; fresh copies do
        const alive = element("script");
        for (const { name, value } of dead.attributes) alive.setAttribute(name, value);
        alive.textContent = dead.textContent;
        dead.replaceWith(alive);
      }
      return;
    }
    let pre = this.output.lastElementChild;
    const stream = kind === "stdout" || kind === "stderr";
    if (!stream || !pre?.matches(`pre.live-${kind}`)) {
      pre = element("pre", { class: `live-text live-${kind}` });
      if (kind === "error") this.error(pre, text);
      else pre.textContent = "";
      this.output.append(pre);
      if (kind === "error") return;
    }
    pre.textContent = overwrite(pre.textContent + text);
  }

  error(pre, text) {
    const cut = text.indexOf("\n");
    pre.append(element("strong", {}, cut < 0 ? text : text.slice(0, cut)), cut < 0 ? "" : text.slice(cut + 1));
  }
}

/** A carriage return starts its line anew, as in a terminal: progress bars stay on one line. */
const overwrite = (text) => (text.includes("\r")
  ? text.split("\n").map((line) => {
    const tail = line.endsWith("\r") ? "\r" : "";
    return line.slice(0, line.length - tail.length).split("\r").pop() + tail;
  }).join("\n")
  : text);

for (const root of document.querySelectorAll("div.cell.tag_live")) {
  if (root.querySelector(".cell_input pre")) cells.push(new Cell(root));
}
