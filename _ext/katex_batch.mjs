// stdin: [{tex, display}, …]  →  stdout: [{html} | {error}, …], in one process.
import katex from "katex";
import { text } from "node:stream/consumers";

const options = {
  output: "htmlAndMathml",
  throwOnError: true,
  // \htmlClass carries the sym-… classes of linked math; nothing else may emit HTML.
  trust: ({ command, class: name }) => command === "\\htmlClass" && /^[\w -]+$/.test(name ?? ""),
  strict: (code) => (code === "htmlExtension" || code === "unicodeTextInMathMode" ? "ignore" : "error"),
};

const render = ({ tex, display }) => {
  try {
    return { html: katex.renderToString(tex, { ...options, displayMode: display }) };
  } catch (error) {
    return { error: error.message };
  }
};

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(render)));
