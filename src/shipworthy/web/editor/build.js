// Bundles the editor into the folder that is given: modules, the licences of what went in, and the digest of the sources.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, mkdirSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const goal = process.argv[2];
if (!goal) throw new Error("Name the folder to build into.");
rmSync(goal, { recursive: true, force: true });
mkdirSync(goal, { recursive: true });

const built = await build({
  entryPoints: { editor: join(here, "element.js") },
  outdir: goal,
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  chunkNames: "[name]-[hash]",
  legalComments: "none",
  metafile: true,
});

const names = new Set();
for (const path of Object.keys(built.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) names.add(found[1]);
}
const licences = [...names].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
  const file = ["LICENSE", "LICENSE.md", "LICENCE"].map((each) => join(folder, each)).find((each) => existsSync(each));
  if (!file) throw new Error(`${name} has no licence file.`);
  return `${name} ${version} (${license})\n\n${readFileSync(file, "utf-8").trim()}\n`;
});
writeFileSync(join(goal, "LICENSES.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));

const sources = readdirSync(here).filter((name) => /\.(js|json)$/.test(name)).sort();
const hash = createHash("sha256");
for (const name of sources) hash.update(`${name}\0`).update(readFileSync(join(here, name))).update("\0");
writeFileSync(join(goal, "SOURCE.txt"), `${hash.digest("hex")}\n`);
