import { findMeter, findPlan, moneyText, type Catalog } from "@bursar/core";
import type { Say } from "./kind.ts";

const count = new Intl.NumberFormat("en");
const MIB = 1024 * 1024;

const time = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** English; the catalogue of a product gives names and units. */
export function sayFor(catalog: Catalog, account: string): Say {
  return {
    account,
    plan: (planId) => findPlan(catalog, planId)?.name ?? planId,
    meter: (meterId) => findMeter(catalog, meterId),
    quantity: (meterId, quantity) =>
      findMeter(catalog, meterId)?.format === "bytes"
        ? `${count.format(Math.floor(quantity / MIB))} MiB`
        : count.format(quantity),
    count: (quantity) => count.format(quantity),
    seats: (seats) => `${seats} ${seats === 1 ? "seat" : "seats"}`,
    money: moneyText,
    time(instant) {
      const parts = Object.fromEntries(
        time.formatToParts(Date.parse(instant)).map(({ type, value }) => [type, value]),
      );
      return `${parts["day"]} ${parts["month"]} ${parts["year"]}, ${parts["hour"]}:${parts["minute"]} UTC`;
    },
  };
}
