/*
 * `npm test`: everything that must hold before a change is good. The page is built first, because all use it. Then the
 * checks run beside vitest, much of whose time is waiting, and the browser comes after both: it needs the machine for
 * itself, or its tests wait for each other. A failed step does not stop the others. The last line tells how many tests
 * ran, and the exit code whether all of them passed.
 *
 * `npm test -- --only lint,unit` runs some of the steps.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, runCommand, type Command } from "./run-command.ts";
import { createFloor } from "./take-turns.ts";
import { countReport, type Counts, type Runner } from "./test-counts.ts";

interface Check extends Command {
  what: string;
}

/** Each is one test: it passes or fails as a whole. */
const checks: Check[] = [
  { name: "types", what: "the compiler", script: "scripts/typecheck.ts", args: [] },
  {
    name: "lint",
    what: "eslint",
    script: "node_modules/eslint/bin/eslint.js",
    args: [".", "--max-warnings", "0"],
  },
  {
    name: "format",
    what: "prettier",
    script: "node_modules/prettier/bin/prettier.cjs",
    args: ["--check", "."],
  },
  { name: "unused", what: "knip", script: "node_modules/knip/bin/knip.js", args: ["--no-config-hints"] },
  { name: "page", what: "the page builds within its sizes", script: "scripts/page-sizes.ts", args: [] },
];

interface Suite {
  name: string;
  what: string;
  runner: Runner;
  args: string[];
}

/** Vitest takes its arguments as parts of paths. All of its suites together are one run of it, on one database. */
const suites: Suite[] = [
  { name: "unit", what: "tests beside the code", runner: "vitest", args: ["packages/", "apps/"] },
  {
    name: "across",
    what: "tests across folders",
    runner: "vitest",
    args: ["test/", "--exclude", "test/house/**"],
  },
  { name: "house", what: "the rules of the house", runner: "vitest", args: ["test/house/"] },
  { name: "browser", what: "a real browser, on both databases", runner: "playwright", args: [] },
];
const allVitest: Suite = { name: "vitest", what: "unit, across and house", runner: "vitest", args: [] };

interface StepResult extends Counts {
  name: string;
  what: string;
  seconds: number;
}

const reports = join(root, "test-results");

const floor = createFloor((text) => void process.stdout.write(text));

async function runCheck(check: Check): Promise<StepResult> {
  const { exitCode, output, seconds } = await runCommand(check);
  const isGood = exitCode === 0;
  const line = `${isGood ? "ok    " : "FAILED"} ${check.name}: ${check.what} (${seconds.toFixed(1)} s)\n`;
  floor.interject(isGood ? line : `${line}${output.trimEnd()}\n\n`);
  return { ...check, seconds, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

async function runSuite({ name, what, runner, args }: Suite): Promise<StepResult> {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const voice = floor.join();
  voice.hear(`\n------ ${name}: ${what}\n`);
  // What a terminal shows has colours; a log has none, though some tools give them to every machine that says it is a CI.
  const colours: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
  const ways = {
    vitest: {
      script: "node_modules/vitest/vitest.mjs",
      args: ["run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
      env: colours,
    },
    playwright: {
      script: "node_modules/@playwright/test/cli.js",
      args: ["test", ...args, "--reporter=list,json"],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
    },
  };
  const { exitCode, seconds } = await runCommand({ name, hear: voice.hear, ...ways[runner] });
  voice.end();
  return { name, what, seconds, ...countReport(runner, report, exitCode) };
}

/** @returns the names after `--only`, or undefined for all */
function chosenNames(): string[] | undefined {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const names = values.only?.split(",");
  const known = [...checks, ...suites].map(({ name }) => name);
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) {
    console.error(`There is no step "${unknown.join(", ")}". The steps are: ${known.join(", ")}.`);
    process.exit(2);
  }
  return names;
}

function printTable(results: StepResult[]): void {
  console.log("\nstep       passed  failed  skipped  seconds");
  for (const { name, passed, failed, skipped, seconds } of results) {
    const figures = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)];
    console.log(`${name.padEnd(10)} ${figures.join("  ")}  ${seconds.toFixed(1).padStart(7)}`);
  }
}

const only = chosenNames();
const isChosen = ({ name }: { name: string }) => only === undefined || only.includes(name);
mkdirSync(reports, { recursive: true });

const steps =
  only === undefined ? [allVitest, ...suites.filter(({ runner }) => runner === "playwright")] : suites;
const chosen: (Check | Suite)[] = [
  ...checks.filter(isChosen),
  ...steps.filter((step) => step === allVitest || isChosen(step)),
];
const isRunBy = (runner: Runner) => (step: Check | Suite) => "runner" in step && step.runner === runner;

/** In the order of the steps, whichever ends first. */
const done = new Map<Check | Suite, StepResult>();
async function runOneByOne(line: (Check | Suite)[]): Promise<void> {
  for (const step of line) done.set(step, "runner" in step ? await runSuite(step) : await runCheck(step));
}
const builds = ({ name }: { name: string }) => name === "page";
await runOneByOne(chosen.filter(builds));
const others = chosen.filter((step) => !("runner" in step) && !builds(step));
await Promise.all([runOneByOne(chosen.filter(isRunBy("vitest"))), runOneByOne(others)]);
await runOneByOne(chosen.filter(isRunBy("playwright")));
const results = chosen.flatMap((step) => done.get(step) ?? []);

printTable(results);
const total = (count: keyof Counts) => results.reduce((sum, result) => sum + result[count], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped}`);
process.exitCode = total("failed") === 0 && total("passed") > 0 ? 0 : 1;
