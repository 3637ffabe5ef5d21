/**
 * Makes a package of the emulator that runs by itself, outside this repository: `npx <the tarball>` or `npm install`.
 * Node runs TypeScript only outside node_modules, so the sources are compiled; they stay unbundled, to be read where
 * they fail.
 *
 * Usage: node packages/stripe-emulator/scripts/pack.ts [--out folder] [--bundle]
 *
 *   --out      where the tarball goes (default: the current folder)
 *   --bundle   put the dependencies into it, so that it installs on a machine without a registry
 *
 * Prints the tarball's path.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

interface Manifest {
  name: string;
  version: string;
  license: string;
  description: string;
  dependencies?: Record<string, string>;
}

const source = resolve(import.meta.dirname, "..");
const repository = resolve(source, "../..");

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function compile(staging: string): void {
  const config = {
    extends: join(repository, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: false,
      // The types are checked by a step of their own.
      noCheck: true,
      rootDir: join(source, "src"),
      outDir: join(staging, "dist"),
      declaration: true,
      rewriteRelativeImportExtensions: true,
      resolveJsonModule: true,
      types: ["node"],
      typeRoots: [join(repository, "node_modules/@types")],
    },
    include: [join(source, "src")],
    exclude: [join(source, "src/**/*.test.ts"), join(source, "src/testing"), join(source, "src/contract")],
  };
  const file = join(staging, "tsconfig.json");
  writeFileSync(file, JSON.stringify(config));
  const compiler = join(repository, "node_modules/typescript-native/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", file], { stdio: "inherit" });
  rmSync(file);
}

/** Where Node would find `name` when a file in `from` asks for it. */
function findPackage(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed: run npm ci first.`);
  }
}

/** Copies what `manifest` depends on, and what that depends on, side by side. */
function copyDependencies(manifest: Manifest, from: string, target: string): void {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const found = findPackage(name, from);
    const copy = join(target, name);
    if (existsSync(copy)) continue;
    cpSync(found, copy, { recursive: true, dereference: true });
    copyDependencies(readManifest(found), found, target);
  }
}

function pack(out: string, isBundled: boolean): string {
  const staging = mkdtempSync(join(tmpdir(), "stripe-emulator-pack-"));
  try {
    const manifest = readManifest(source);
    compile(staging);
    for (const [from, name] of [
      [source, "README.md"],
      [repository, "LICENSE"],
    ] as const)
      cpSync(join(from, name), join(staging, name));
    const { name, version, license, description, dependencies = {} } = manifest;
    const published = {
      ...{ name, version, license, description, type: "module" },
      engines: { node: ">=20.19" },
      exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
      bin: { "stripe-emulator": "dist/cli.js" },
      files: ["dist"],
      dependencies,
      ...(isBundled && { bundleDependencies: Object.keys(dependencies) }),
    };
    writeFileSync(join(staging, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
    if (isBundled) copyDependencies(manifest, source, join(staging, "node_modules"));
    mkdirSync(out, { recursive: true });
    const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", out];
    const printed = execFileSync("npm", args, { cwd: staging, encoding: "utf8" });
    return join(out, printed.trim().split("\n").at(-1) ?? "");
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { out: { type: "string", default: "." }, bundle: { type: "boolean", default: false } },
});
console.log(pack(resolve(values.out), values.bundle));
