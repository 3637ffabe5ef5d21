/**
 * The README's examples, run as a newcomer would: all of its TypeScript in order, as one program, against an emulator.
 * What a line prints is what stands behind its `// ->`; an ellipsis there is any text. Lists in the README that the code
 * has too are compared with it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_ASSUMPTIONS } from "./assumptions.ts";
import { triggersThatCannotPass } from "./contract/stripe-cli.ts";
import { routes } from "./resources/registry.ts";
import { notServedReasons } from "./resources/not-served.ts";
import { startFixture } from "./testing/fixture.ts";
import { knownRoutes } from "./wire/params.ts";

const PACKAGE = join(import.meta.dirname, "..");
const README = readFileSync(join(PACKAGE, "README.md"), "utf8");

/** Where the README lets the emulator listen. */
const PORT_IN_README = "12111";

async function run(program: string): Promise<{ code: number | null; lines: string[]; errors: string }> {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--no-warnings", "-"], {
    cwd: PACKAGE,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(program);
  const [code] = (await once(child, "close")) as [number | null];
  const lines = Buffer.concat(out).toString().split("\n").filter(Boolean);
  return { code, lines, errors: Buffer.concat(errors).toString() };
}

function matches(line: string | undefined, expected: string): boolean {
  const parts = expected.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return line !== undefined && new RegExp(`^${parts.join(".*")}$`).test(line);
}

test("the README's examples run in order and print what the README says", { timeout: 60_000 }, async () => {
  const blocks = [...README.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");
  expect(blocks.length).toBeGreaterThan(1);
  const { emulator } = await startFixture();
  const program = blocks.join("\n").replaceAll(PORT_IN_README, String(emulator.port));
  const { code, lines, errors } = await run(program);
  expect([code, errors]).toEqual([0, ""]);
  const expected = [...program.matchAll(/console\.log\(.*\); \/\/ -> (.*)$/gm)].map(
    (match) => match[1] ?? "",
  );
  expect(expected.length).toBeGreaterThan(0);
  const wrong = expected.filter((text, index) => !matches(lines[index], text));
  expect({ wrong, lines: wrong.length === 0 ? [] : lines }).toEqual({ wrong: [], lines: [] });
});

test("every route of Stripe's table is served, or refused with a reason that the README gives", () => {
  const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const unexplained = knownRoutes().filter(
    (name) => !served.has(name) && !Object.hasOwn(notServedReasons, name),
  );
  const both = Object.keys(notServedReasons).filter((name) => served.has(name));
  const unknown = Object.keys(notServedReasons).filter((name) => !knownRoutes().includes(name));
  expect({ unexplained, both, unknown }).toEqual({ unexplained: [], both: [], unknown: [] });
  const unsaid = Object.entries(notServedReasons).filter(
    ([name, reason]) => !README.includes(`\`${name}\``) || !README.includes(reason),
  );
  expect(unsaid).toEqual([]);
});

test("the triggers that cannot pass are in the README with their reasons", () => {
  const unsaid = Object.entries(triggersThatCannotPass).filter(
    ([name, reason]) => !README.includes(`\`${name}\``) || !README.includes(reason),
  );
  expect(unsaid).toEqual([]);
});

/** `name: "reading" | "other";` of assumptions.ts, the default first in no particular order. */
function readingsIn(source: string): Map<string, string[]> {
  const table = source.slice(source.indexOf("{"), source.indexOf("\n}"));
  const found = [...table.matchAll(/^ {2}(\w+): ([^;]+);$/gm)];
  return new Map(found.map(([, name = "", types = ""]) => [name, types.split(" | ")]));
}

test("each assumption is in the README's table, and its other readings are in tests by name", () => {
  const source = readFileSync(join(PACKAGE, "src/assumptions.ts"), "utf8");
  const readings = readingsIn(source);
  expect([...readings.keys()].sort()).toEqual(Object.keys(DEFAULT_ASSUMPTIONS).sort());
  const tests = globSync("src/**/*.test.ts", { cwd: PACKAGE }).map((file) =>
    readFileSync(join(PACKAGE, file), "utf8"),
  );
  const missing = [...readings].flatMap(([name, all]) => {
    const isDefault = (reading: string) =>
      reading === JSON.stringify(Object.entries(DEFAULT_ASSUMPTIONS).find(([key]) => key === name)?.[1]);
    const naming = tests.filter((text) => text.includes("assumptions") && text.includes(name));
    const untested = all.filter(
      (reading) => !isDefault(reading) && !naming.some((text) => text.includes(reading)),
    );
    return README.includes(`| **${name}**`)
      ? untested.map((reading) => `${name} ${reading}`)
      : [`${name} is not in the README`];
  });
  expect(missing).toEqual([]);
});
