/* The page loads its words by area; together the areas are the whole catalogue, in each language. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { AnyArea } from "../../packages/react/src/messages/area.ts";
import { englishFrame } from "../../packages/react/src/messages/en/frame.ts";
import { english } from "../../packages/react/src/messages/english.ts";
import { german } from "../../packages/react/src/messages/german.ts";

const folder = new URL("../../packages/react/src/messages/areas/", import.meta.url);

it("W3 every area of the catalogue comes with the part that shows it, in both languages", async () => {
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(new URL(file, folder).href) as Promise<object>),
  );
  const areas = modules.flatMap((module) => Object.values(module) as AnyArea[]);
  const names = [...areas.map(({ name }) => name), ...Object.keys(englishFrame)];
  expect(names.sort()).toEqual(Object.keys(english).sort());
  for (const { name, english: words, de } of areas) {
    expect([name, words]).toEqual([name, english[name]]);
    expect([name, await de()]).toMatchObject([name, { [name]: german[name] }]);
  }
});
