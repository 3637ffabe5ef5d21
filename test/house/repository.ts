import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** What .gitignore names, and git's own: a repository without these is what a fresh clone holds. */
const ignored = new Set([".git", "node_modules", "dist", ".bursar", "test-results", "coverage"]);

function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name) && !name.endsWith(".log"))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? below(path) : [path];
    });
}

/** All files of the repository, as paths from its root. */
export const files: readonly string[] = below("");

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Files that people write: not binary, not generated. */
export const written: readonly string[] = files.filter(
  (path) =>
    !/(^|\/)generated\/|\.generated\.|^package-lock\.json$/.test(path) &&
    !read(path).slice(0, 8000).includes("\0"),
);

/** "path:line" of each line that matches. */
export function linesThatMatch(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}
