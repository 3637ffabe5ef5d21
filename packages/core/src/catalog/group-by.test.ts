import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import defaultCatalog from "../../../../bursar.config.ts";
import { checkCatalog } from "./check-catalog.ts";

const { meters } = defaultCatalog;

function check(id: keyof typeof meters, groupBy: unknown) {
  const checked = checkCatalog({
    ...defaultCatalog,
    meters: { ...meters, [id]: { ...meters[id], groupBy } },
  });
  return checked.ok ? checked.catalog.meters.find((meter) => meter.id === id)!.groupBy : checked.mistakes;
}

it("US1 a meter has groups where the catalogue says by which property, and else none", () => {
  expect(check("events", undefined)).toBeNull();
  const groupBy = { property: "member", name: "Member" };
  expect(check("events", groupBy)).toEqual(groupBy);
  expect(check("ai_tokens", groupBy)).toEqual(groupBy);
});

it("US1 the default catalogue divides sessions by project, as the guide writes it", () => {
  const guide = readFileSync(new URL("../../../../docs/catalogue.md", import.meta.url), "utf8");
  const { property, name } = meters.sessions.groupBy;
  expect(guide).toContain(`sessions: { ..., groupBy: { property: "${property}", name: "${name}" } },`);
});

it.each<[keyof typeof meters, unknown, string, RegExp]>([
  ["events", { property: "", name: "Project" }, "property", /is not empty/],
  ["events", { property: "project", name: " " }, "name", /is not empty/],
  ["events", { property: "project", name: "a".repeat(41) }, "name", /40 characters/],
  ["events", { property: "a".repeat(101), name: "Project" }, "property", /100 characters/],
  ["events", { property: "project" }, "name", /expected string/],
  ["events", "project", "", /expected object/],
  ["storage", { property: "project", name: "Project" }, "", /left out on a level/],
])("US1 %s by %j is a mistake, named with its path", (id, groupBy, field, reason) => {
  const path = ["meters", id, "groupBy", field].filter((part) => part !== "").join(".");
  expect(check(id, groupBy)).toEqual([{ path, reason: expect.stringMatching(reason) as string }]);
});
