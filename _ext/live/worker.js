// Python in a Web Worker: Pyodide, NumPy and the book's own package. Talks to live.js by messages only.
// A classic worker: Pyodide's loader uses importScripts and needs no bundler.
let started = null;
let current = 0;
let refusal = null;
const realFetch = self.fetch.bind(self);
const held = new Map(); // url -> Promise<ArrayBuffer>, bytes already downloaded and verified

class Refused extends Error {
  constructor(reason, detail) {
    super(detail);
    this.reason = reason; // "network" | "missing" | "tampered" | "other"
    refusal ??= this; // Pyodide may wrap it on the way up; the reader is told the first cause
  }
}

const post = (type, data) => self.postMessage({ type, id: current, ...data });
const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
const base64 = (digits) => btoa(String.fromCharCode(...digits.match(/../g).map((pair) => parseInt(pair, 16))));

let received = 0, expected = 0;
function count(bytes) {
  received += bytes;
  post("progress", { bytes: received, share: Math.min(1, received / expected) });
}

async function drain(body, keep) {
  const parts = [];
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    count(next.value.length);
    if (keep) parts.push(next.value);
  }
  return keep ? new Blob(parts).arrayBuffer() : null;
}

async function get(url, options) {
  let reply;
  try {
    reply = await realFetch(url, options);
  } catch (error) {
    throw new Refused("network", String(error));
  }
  if (!reply.ok) throw new Refused("missing", `${reply.status} ${url}`);
  return reply;
}

/** Bytes of a wheel, refused unless they are exactly the ones the book was built with. */
async function verified(url, sha256) {
  const file = url.split("/").pop();
  if (!self.crypto?.subtle) {
    // Plain http on another machine: let the browser itself check the digest.
    const integrity = `sha256-${base64(sha256)}`;
    const reply = await realFetch(url, { integrity }).catch(() => null);
    if (reply?.ok) return drain(reply.body, true);
    await get(url); // reachable, so it was the digest
    throw new Refused("tampered", file);
  }
  const buffer = await get(url).then((reply) => drain(reply.body, true))
    .catch((error) => { throw error.reason ? error : new Refused("network", String(error)); });
  if (hex(await crypto.subtle.digest("SHA-256", buffer)) !== sha256) throw new Refused("tampered", file);
  return buffer;
}

// Pyodide fetches through this: verified bytes from memory, everything else counted on its way.
self.fetch = async (input, options) => {
  const url = new URL(input.url ?? input, self.location.href).href;
  if (held.has(url)) {
    const body = await held.get(url);
    return new Response(body, { headers: { "content-type": url.endsWith(".json") ? "application/json" : "application/octet-stream" } });
  }
  const reply = await get(url, options);
  drain(reply.clone().body, false).catch(() => {});
  return reply;
};

async function start({ base, core, runner, lock, bytes, extras }) {
  const began = performance.now();
  expected = bytes;
  const at = (path) => new URL(path, base).href;
  const wanted = Object.values(lock.packages);
  for (const entry of wanted) {
    entry.file_name = at(entry.file_name);
    held.set(entry.file_name, verified(entry.file_name, entry.sha256));
  }
  const lockURL = at("lock.json");
  held.set(lockURL, Promise.resolve(JSON.stringify(lock)));
  const wheels = Promise.all(wanted.map((entry) => held.get(entry.file_name)));
  const program = get(at(runner)).then((reply) => reply.text());
  wheels.catch(() => {});
  program.catch(() => {});

  try {
    importScripts(at(`${core}pyodide.js`));
  } catch (error) {
    throw new Refused("network", String(error));
  }
  const python = await Promise.race([
    loadPyodide({ indexURL: at(core), lockFileURL: lockURL }),
    wheels.then(() => new Promise(() => {})), // a refused wheel ends the wait at once
  ]);
  await wheels;
  post("phase", { name: "packages" });
  const complaints = [];
  await python.loadPackage(wanted.map((entry) => entry.name), {
    checkIntegrity: false, // done above, with an answer the reader can be told
    messageCallback: () => {},
    errorCallback: (line) => complaints.push(line), // loadPackage logs and does not throw
  });
  held.clear();
  const absent = wanted.filter((entry) => !(entry.name in python.loadedPackages));
  if (absent.length) throw new Refused("other", complaints.join("\n") || absent.map((entry) => entry.name).join(", "));

  python.runPython(await program, { filename: "runner.py" });
  const session = python.globals.get("Session")((kind, text) => post("output", { kind, text }));
  const folder = python.runPython("__import__('importlib.util').util.find_spec('rnnbook').submodule_search_locations[0]");
  post("ready", { seconds: (performance.now() - began) / 1000 });

  /** Files of the book's package that only some cells need: fetched, verified, laid where the package looks. */
  async function fetchExtras(source) {
    for (const extra of extras.filter((each) => !each.here && new RegExp(each.words).test(source))) {
      expected += extra.bytes;
      const data = await verified(at(extra.file), extra.sha256);
      python.FS.writeFile(`${folder}/${extra.path}`, new Uint8Array(data));
      extra.here = true;
      post("ready", {});
    }
  }
  return { session, fetchExtras };
}

self.onmessage = async ({ data }) => {
  current = data.id ?? 0;
  try {
    started ??= start(data.config);
    const { session, fetchExtras } = await started;
    if (data.type !== "run") return;
    current = data.id;
    await fetchExtras(data.source);
    const began = performance.now();
    const ok = session.run(data.source, data.number);
    post("done", { ok, seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    const cause = refusal ?? error;
    post("failed", { reason: cause.reason ?? "other", detail: String(cause.message ?? cause) });
  }
};
