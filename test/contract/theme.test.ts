import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { closeColours, contrast } from "../../packages/react/src/theme-check.ts";

type Colour = [number, number, number];

function colour(hex: string): Colour {
  const full = hex.length === 4 ? hex.replaceAll(/[^#]/g, "$&$&") : hex;
  return [1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as Colour;
}

/** The variables as styles-frame.css has them: light, dark. */
const css = readFileSync(new URL("../../packages/react/src/styles-frame.css", import.meta.url), "utf8");
const ours = new Map(
  [...css.matchAll(/--bursar-([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, light, dark]) => [
    name!,
    [light!, dark!] as const,
  ]),
);
const read =
  (scheme: 0 | 1, overrides: Record<string, string> = {}) =>
  (name: string) =>
    colour(overrides[name] ?? ours.get(name)![scheme]);

it("E4 contrast is WCAG's", () => {
  expect(contrast(colour("#000"), colour("#fff"))).toBe(21);
  expect(contrast(colour("#777777"), colour("#fff"))).toBeCloseTo(4.48, 2);
});

it.each([
  ["light", 0],
  ["dark", 1],
] as const)("E4 our own colours are told of by nobody, %s", (_name, scheme) => {
  expect(closeColours(read(scheme))).toEqual([]);
});

it("E4 an override that is too close to its ground is named with what it has and needs", () => {
  expect(closeColours(read(0, { muted: "#999999", line: "#dddddd" }))).toEqual([
    "Bursar: --bursar-muted on --bursar-bg has a contrast of 2.8; it needs 4.5 to be read by all.",
    "Bursar: --bursar-muted on --bursar-surface has a contrast of 2.6; it needs 4.5 to be read by all.",
    "Bursar: --bursar-line on --bursar-bg has a contrast of 1.3; it needs 3 to be read by all.",
  ]);
});
