import { expect, it } from "vitest";
import { ProblemError } from "@bursar/client";
import { mistakesIn, mistakesOf, readAddresses } from "./addresses.ts";

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

const holders = [
  { kind: "member", name: "Ann", email: "ann@acme.test" },
  { kind: "invitation", name: null, email: "bo@acme.test" },
] as const;

it("SE2 each address that cannot be invited has its own reason", () => {
  const addresses = readAddresses("cy ANN@acme.test bo@acme.test di@acme.test");
  expect(mistakesIn(addresses, holders)).toEqual([
    { address: "cy", reason: "no_address" },
    { address: "ANN@acme.test", reason: "member" },
    { address: "bo@acme.test", reason: "invitation" },
  ]);
});

it("SE2 what the server says of single addresses stands by them", () => {
  const problem = { type: "", title: "", status: 409, detail: "", code: "conflict", requestId: "" };
  const errors = [
    { path: "invitations.1.email", message: "is invited already" },
    { path: "role", message: "is unknown" },
    { path: "invitations.7.email", message: "is a member already" },
  ];
  const sent = ["ann@acme.test", "bo@acme.test"].map((email) => ({ email, role: "member" as const }));
  expect(mistakesOf(new ProblemError({ ...problem, errors }), sent)).toEqual([
    { address: "bo@acme.test", reason: { said: "is invited already" } },
  ]);
  expect(mistakesOf(new ProblemError(problem), sent)).toEqual([]);
  expect(mistakesOf(new TypeError("lost"), sent)).toEqual([]);
});
