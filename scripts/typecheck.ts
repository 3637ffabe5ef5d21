/*
 * `npm run typecheck`: the compiler on every tsconfig of the repository, two at a time. Each workspace has its
 * own, because each promises something else: core, for one, compiles without the types of Node or a browser.
 *
 * The compiler is TypeScript 7, twice as quick; eslint and dependency-cruiser need the API of 6, which stands beside it.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { forEachOf, root, runCommand } from "./run-command.ts";

/** The tsconfig files to check, as paths from the root; the base one is only ever extended. */
function projects(): string[] {
  const found = globSync(["tsconfig.json", "{packages,apps,examples}/*/tsconfig*.json"], { cwd: root });
  return found.filter((file) => hasSources(file)).sort();
}

/** A workspace that holds no file yet is not an error of the compiler's kind. */
function hasSources(project: string): boolean {
  const { include } = JSON.parse(readFileSync(join(root, project), "utf8")) as { include: string[] };
  const folder = join(root, dirname(project));
  const extensions = "{ts,tsx}";
  const patterns = include.flatMap((path) =>
    path.includes("*") ? [path] : [path, `${path}/**/*.${extensions}`],
  );
  return globSync(patterns, { cwd: folder }).some(
    (path) => /\.tsx?$/.test(path) && existsSync(join(folder, path)),
  );
}

const checked = projects();
const results = await forEachOf(checked, 2, (project) => {
  const name = project.replaceAll("/", "-").replace(/\.json$/, "");
  const cache = [
    "--incremental",
    "--tsBuildInfoFile",
    join("node_modules/.cache/tsc", `${name}.tsbuildinfo`),
  ];
  return runCommand({
    name: project,
    script: "node_modules/typescript-native/bin/tsc",
    args: ["-p", project, "--pretty", process.stdout.isTTY ? "true" : "false", ...cache],
  });
});

for (const { name, exitCode, output, seconds } of results) {
  console.log(`${exitCode === 0 ? "ok    " : "failed"} ${name} (${seconds.toFixed(1)} s)`);
  if (exitCode !== 0) console.log(output.trimEnd());
}
if (checked.length === 0) console.error("No tsconfig.json was found, so no type was checked.");
process.exitCode = checked.length > 0 && results.every((result) => result.exitCode === 0) ? 0 : 1;
