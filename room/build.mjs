// Build the front end into labctl/room/static, or into the folder that is named. The same lock gives the same bytes.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "labctl", "room", "static");
const libraries = ["htmx.org", "uplot", "@dagrejs/dagre", "@dagrejs/graphlib"];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
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

const licences = await Promise.all(
  libraries.map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${(await readFile(join(folder, "LICENSE"), "utf8")).trim()}\n`;
  }),
);
await writeFile(join(out, "LICENSES.txt"), `What the built files contain beside labctl's own sources:\n\n${licences.join("\n\n")}`);
