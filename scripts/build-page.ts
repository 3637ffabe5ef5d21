/*
 * Builds the dashboard when its sources have changed since the last build, and says nothing otherwise: a second
 * start must not wait for it. The hash of the sources lies beside the built files, so that a cancelled build, a
 * changed branch or a removed folder are all seen.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const page = join(root, "apps/dashboard");
const stampFile = join(page, "dist/.sources-hash");

/** All that ends up in the page. The lock file stands for the libraries in it. */
const sources = ["apps/dashboard", "packages/react", "packages/client", "package-lock.json"];
const passedOver = new Set(["node_modules", "dist"]);

function* filesBelow(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (passedOver.has(entry.name) || entry.name.includes(".test.")) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(child);
    else yield child;
  }
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const source of sources.map((name) => join(root, name))) {
    const files = source.endsWith(".json") ? [source] : [...filesBelow(source)].sort();
    for (const file of files) {
      const text = readFileSync(file);
      hash.update(`${relative(root, file)}\0${text.length}\0`).update(text);
    }
  }
  return hash.digest("hex");
}

/**
 * Builds apps/dashboard into its dist folder if its sources differ from those of the last build.
 *
 * @returns true when it built, false when the built page was already right
 * @throws what vite throws when the sources do not build
 */
export async function buildPage(): Promise<boolean> {
  const hash = hashOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return false;
  rmSync(stampFile, { force: true });
  // Vite costs a third of a second to load; who does not build does not pay for it.
  const { build } = await import("vite");
  await build({ root: page, logLevel: "warn" });
  writeFileSync(stampFile, hash);
  return true;
}

if (process.argv[1] === import.meta.filename) await buildPage();
