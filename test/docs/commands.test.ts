/* The commands that the guides name in a sentence or a block exist, with the options that are named with them. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Command } from "../../packages/server/src/cli/process.ts";
import { guideFiles, readGuide, ROOT } from "./blocks.ts";

/** What stands in code, in a block or between backquotes, a line each. */
const codeOf = (file: string): string[] =>
  [...readGuide(file).matchAll(/```[^`]*```|`([^`\n]+)`/g)].flatMap(([whole, inline]) =>
    (inline ?? whole.replaceAll("\\\n", " ")).split("\n"),
  );

const lines = guideFiles().flatMap((file) => codeOf(file).map((line) => ({ file, line })));

it("B5 each npm script that a guide names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = lines.flatMap(({ file, line }) =>
    [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => ({ file, name: name! })),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ name }) => scripts[name] === undefined)).toEqual([]);
});

it("B5 each bursar command that a guide names exists, and takes the options that stand beside it", async () => {
  const helps = new Map<string, string>();
  for (const file of globSync("packages/server/src/cli/*.ts", { cwd: ROOT })) {
    if (/\.test\.ts$|\/bursar\.ts$/.test(file)) continue;
    const { command } = (await import(join(ROOT, file))) as { command?: Command };
    const [, name] =
      /^Usage: bursar ([a-z]+(?: (?:diff|push|advance|import|adjust))?)/.exec(command?.help ?? "") ?? [];
    if (name !== undefined) helps.set(name, command!.help);
  }
  expect(helps.size).toBeGreaterThan(10);
  const named = lines.flatMap(({ file, line }) =>
    [...line.matchAll(/(?:^|npx |cli\/)bursar(?:\.ts)? ([a-z][^|;&]*)/g)].map(([, words]) => ({
      file,
      words: words!,
    })),
  );
  expect(named.length).toBeGreaterThan(20);
  const wrong = named.filter(({ words }) => {
    const name = [...helps.keys()].sort((a, b) => b.length - a.length).find((each) => words.startsWith(each));
    const options = words.match(/--[a-z-]+/g) ?? [];
    return name === undefined || options.some((option) => !helps.get(name)!.includes(option));
  });
  expect(wrong).toEqual([]);
});
