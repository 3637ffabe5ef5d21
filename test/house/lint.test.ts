import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import tseslint from "typescript-eslint";
import { root } from "./repository.ts";

/*
 * Lint rules that protect a promise of the design are tried on samples here, because a slip in the configuration's
 * paths would turn them off without a word. Rules which need types are left out: they need a file that exists.
 */
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

async function rulesAgainst(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const clockAndChance: [string, string][] = [
  ["export const now = Date.now();", "no-restricted-properties"],
  ["export const now = new Date();", "no-restricted-syntax"],
  ["export const id = Math.random();", "no-restricted-properties"],
  ["setTimeout(() => undefined, 10);", "no-restricted-globals"],
  ["setInterval(() => undefined, 10);", "no-restricted-globals"],
];

const lines = (count: number) => `export function long() {\n${"  void 0;\n".repeat(count - 2)}}\n`;

describe("the lint rules", () => {
  it.each(
    ["packages/core/src/book/apply.ts", "packages/server/src/credits/purchase.ts"].flatMap((path) =>
      clockAndChance.map(([code, rule]) => ({ path, code, rule })),
    ),
  )("refuse $code in $path", async ({ path, code, rule }) => {
    expect(await rulesAgainst(path, code)).toEqual([rule]);
  });

  it("let system.ts make the system clock, and the domain take a given instant apart", async () => {
    expect(await rulesAgainst("packages/server/src/system.ts", "export const now = Date.now();")).toEqual([]);
    expect(await rulesAgainst("packages/core/src/periods/a.ts", "export const then = new Date(0);")).toEqual(
      [],
    );
  });

  it("refuse a function of more than 70 lines", async () => {
    expect(await rulesAgainst("packages/core/src/book/apply.ts", lines(70))).toEqual([]);
    expect(await rulesAgainst("packages/core/src/book/apply.ts", lines(71))).toEqual([
      "max-lines-per-function",
    ]);
  });
});
