// Makes the npm package of the element, and prints the path of its archive:
//   node widget/npm/build.mjs
// It holds what the build of the program made of `widget/`, so it has the version of the program.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const own = dirname(fileURLToPath(import.meta.url));
const root = join(own, "../..");
const run = (program, ...words) => execFileSync(program, words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });

// Cargo says where the build script of the program has left its files.
const lines = run("cargo", "build", "--release", "--locked", "--message-format=json").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const built = lines.find(({ reason, package_id }) => reason === "build-script-executed" && /\/service#chargesheet@/.test(package_id));
const packed = join(built.out_dir, "packed");
const [, version] = /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));

const target = join(root, "target/packages");
const folder = join(target, "statute-chart");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of ["README.md", "index.js", "index.d.ts", "react.d.ts", "examples"]) cpSync(join(own, name), join(folder, name), { recursive: true });
cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
const described = { ...JSON.parse(readFileSync(join(own, "package.json"), "utf8")), version };
writeFileSync(join(folder, "package.json"), `${JSON.stringify(described, null, 2)}\n`);

// The element finds copies of what it would load in the page, as in a file that works alone.
const copies = {};
for (const name of readdirSync(packed).filter((name) => /\.(wasm|json)$/.test(name)).sort()) {
  copies[name] = readFileSync(join(packed, name), name.endsWith(".wasm") ? "base64" : "utf8");
}
writeFileSync(join(folder, "copies.js"), `const copies = ${JSON.stringify(copies)};
for (const [name, text] of Object.entries(copies)) {
  const copy = document.createElement("script");
  copy.type = "text/plain";
  copy.dataset.chargesheet = name;
  copy.append(text);
  document.head.append(copy);
}
`);
cpSync(join(packed, "joined.js"), join(folder, "chart.js"));
writeFileSync(join(folder, "element.js"), 'import "./copies.js";\n\nexport { drawAnswer } from "./chart.js";\n');
const [{ filename }] = JSON.parse(run("npm", "pack", "--json", "--pack-destination", target, folder));
console.log(join(target, filename));
