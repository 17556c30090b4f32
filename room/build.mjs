// Build the front end into labctl/room/static, or into the folder that is named. The same lock gives the same bytes.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "labctl", "room", "static");
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const built = await build({
  metafile: true,
  absWorkingDir: here,
  entryPoints: ["src/room.ts", "src/room.css"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  chunkNames: "[name]-[hash]",
});
await cp(join(here, "src", "icon.svg"), join(out, "icon.svg"));

// Every package that a file in the result comes from, found by the bundler itself.
const within = Object.values(built.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
const libraries = [...new Set(within.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean))].sort();

async function licenceIn(folder) {
  const name = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!name) throw new Error(`${folder} has no licence`);
  return (await readFile(join(folder, name), "utf8")).trim();
}

const licences = await Promise.all(
  libraries.map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${await licenceIn(folder)}\n`;
  }),
);
await writeFile(join(out, "LICENSES.txt"), `What the built files contain beside labctl's own sources:\n\n${licences.join("\n\n")}`);
