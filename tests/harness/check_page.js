// Runs the worker of the page of the check without a browser: a package in, what the page gets out, a line each.
//
// The page is the first argument. A package is a list of names and contents in Base64.

const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { runInNewContext } = require("node:vm");
const { inflateRawSync } = require("node:zlib");

const page = readFileSync(process.argv[2], "utf8");
const inside = (id) => page.split(`id="${id}">`)[1].split("</script>")[0];
const worker = inside("worker");
const program = new WebAssembly.Module(inflateRawSync(Buffer.from(inside("program"), "base64")));
const today = () => new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);

/** A picked file, of which the worker reads pieces. */
class Picked {
  constructor(bytes) { this.bytes = bytes; }
  get size() { return this.bytes.length; }
  slice(from, to) { return new Picked(this.bytes.subarray(from, to)); }
}

class FileReaderSync {
  readAsArrayBuffer({ bytes }) { return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length); }
}

function check(files) {
  const said = [];
  const self = { postMessage: (message) => said.push(message), FileReaderSync, WebAssembly, TextDecoder, TextEncoder, Uint8Array };
  self.self = self;
  runInNewContext(worker, self);
  self.onmessage({ data: { files, today: today(), language: "en", unnamed: "your files", program } });
  return said.at(-1);
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const files = JSON.parse(line).map(([name, base64]) => ({ name, blob: new Picked(Buffer.from(base64, "base64")) }));
  const { kind, place, shown, report } = check(files);
  process.stdout.write(`${JSON.stringify({ kind, place, shown, report: report && new TextDecoder().decode(report) })}\n`);
});
