import { expect, it } from "vitest";
import { readAddresses } from "./addresses.ts";

it.each([
  ["one a line", "bo@acme.test\ncy@acme.test\n", ["bo@acme.test", "cy@acme.test"], []],
  [
    "commas and semicolons",
    "bo@acme.test, cy@acme.test;di@acme.test",
    ["bo@acme.test", "cy@acme.test", "di@acme.test"],
    [],
  ],
  ["the same twice", "bo@acme.test Bo@Acme.test", ["Bo@Acme.test"], []],
  ["words that are none", "bo cy@acme di@acme.test", ["di@acme.test"], ["bo", "cy@acme"]],
  ["nothing", " \n", [], []],
])("SE2 addresses are read from %s", (_name, typed, emails, wrong) => {
  expect(readAddresses(typed)).toEqual({ emails, wrong });
});
