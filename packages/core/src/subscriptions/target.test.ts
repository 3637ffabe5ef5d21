import { describe, expect, it } from "vitest";
import defaultCatalog from "../../../../bursar.config.ts";
import { checkCatalog } from "../catalog/check-catalog.ts";
import { priceTarget, type Target } from "./target.ts";

const check = checkCatalog(defaultCatalog);
if (!check.ok) throw new Error("the default catalogue is right");
const { catalog } = check;

describe("C1 C4 what is sold", () => {
  const bought: [Target, subtotalCents: number][] = [
    [{ planId: "personal", interval: "month", seats: 1 }, 900],
    [{ planId: "personal", interval: "year", seats: 1 }, 9_000],
    [{ planId: "team", interval: "month", seats: 2 }, 3_800],
    [{ planId: "team", interval: "month", seats: 3 }, 5_700],
    [{ planId: "team", interval: "year", seats: 3 }, 57_000],
    [{ planId: "business", interval: "month", seats: 5 }, 19_500],
    [{ planId: "team", interval: "month", seats: 1_000 }, 1_900_000],
  ];
  it.each(bought)("%o costs %i before tax", (choice, subtotalCents) => {
    expect(priceTarget(catalog, choice)).toMatchObject({ code: "priced", subtotalCents });
  });

  const refused: [Target, path: string][] = [
    [{ planId: "free", interval: "month", seats: 1 }, "planId"],
    [{ planId: "enterprise", interval: "month", seats: 10 }, "planId"],
    [{ planId: "gold", interval: "month", seats: 1 }, "planId"],
    [{ planId: "personal", interval: "month", seats: 2 }, "seats"],
    [{ planId: "team", interval: "month", seats: 1 }, "seats"],
    [{ planId: "team", interval: "month", seats: 1_001 }, "seats"],
    [{ planId: "business", interval: "year", seats: 4 }, "seats"],
  ];
  it.each(refused)("%o is refused because of its %s", (choice, path) => {
    expect(priceTarget(catalog, choice)).toMatchObject({ code: "refused", path });
  });
});
