// Makes dist/: one stylesheet and one script for the pages, further scripts for those that need more, the scanner's
// reader of codes, what the consoles wear beside django-unfold's own files, and the files of public/ as they are.
// `--tests` bundles the unit tests instead: the oldest Node we support cannot run TypeScript by itself.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { feature, mesh } from "topojson-client";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "src");
const dist = path.join(here, "dist");

// What pages and workers ask for by name.
const ENTRIES = [
  "account.ts",
  "app.ts",
  "code_reader.ts",
  "console.css",
  "copy.ts",
  "operators.ts",
  "passkeys.ts",
  "push.ts",
  "push_worker.ts",
  "scanner.ts",
  "theme.ts",
  "typed_code.ts",
];

async function bundleTests() {
  const outdir = path.join(here, "node_modules", ".cache", "packytrace-tests");
  const tests = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".test.ts"));
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: tests.map((name) => path.join(source, name)),
    outbase: source,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
}

async function makeStylesheet(target) {
  // The CLI is asked for by its package, so that no shell or PATH decides which Tailwind runs.
  const manifest = createRequire(import.meta.url).resolve("@tailwindcss/cli/package.json");
  const cli = path.join(path.dirname(manifest), "dist", "index.mjs");
  await promisify(execFile)(
    process.execPath,
    [cli, "--input", path.join(source, "app.css"), "--output", target, "--minify"],
    { cwd: here },
  );
}

// The land under a journey's map, and the borders on it: Natural Earth's at 1:110 million, degrees east and south of the
// upper left corner of the world. Drawn once here, so that no page asks anybody else for a map.
async function makeMap(target) {
  const packages = createRequire(import.meta.url);
  const atlas = JSON.parse(await readFile(packages.resolve("world-atlas/countries-110m.json"), "utf8"));
  const land = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) => geometry.coordinates);
  const borders = mesh(atlas, atlas.objects.countries, (one, other) => one !== other).coordinates;
  const place = ([east, north]) => `${+(east + 180).toFixed(1)} ${+(90 - north).toFixed(1)}`;
  const outline = land.flat().map((ring) => `M${ring.map(place).join("L")}Z`);
  const lines = borders.map((line) => `M${line.map(place).join("L")}`);
  const shape = (id, path) => `<path id="${id}" vector-effect="non-scaling-stroke" d="${path.join("")}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${shape("land", outline)}${shape("borders", lines)}</svg>\n`;
  await writeFile(target, svg);
}

async function makeDist() {
  // Built beside and swapped in, so that a server that is running never sees half a dist; in a folder of its own, so
  // that two builds at once do not mix.
  const cache = path.join(here, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(path.join(cache, "dist-"));
  await cp(path.join(here, "public"), fresh, { recursive: true });
  const packages = createRequire(import.meta.url);
  await Promise.all([
    makeStylesheet(path.join(fresh, "app.css")),
    makeMap(path.join(fresh, "land.svg")),
    cp(packages.resolve("zxing-wasm/reader/zxing_reader.wasm"), path.join(fresh, "code_reader.wasm")),
    build({
      entryPoints: ENTRIES.map((name) => path.join(source, name)),
      outdir: fresh,
      bundle: true,
      minify: true,
      format: "iife",
      target: ["es2020"],
      logLevel: "warning",
    }),
  ]);
  await chmod(fresh, 0o755);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
}

await (process.argv.includes("--tests") ? bundleTests() : makeDist());
