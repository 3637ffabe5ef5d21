import { describe, expect, it } from "vitest";
import { createAmountField } from "./amount-field.ts";
import { createFormat } from "./create-format.ts";
import { createMoneyFormat, toDecimal } from "./money.ts";

describe("money", () => {
  it.each([
    ["en-US", 500, "eur", "€5.00"],
    ["en-US", 0, "eur", "€0.00"],
    ["en-US", 7, "eur", "€0.07"],
    ["en-US", -15_200, "eur", "−€152.00"],
    ["en-US", 1_234, "jpy", "¥1,234"],
    ["en-US", 1_234, "kwd", "KWD\u00a01.234"],
    ["en-US", 50_000, "isk", "ISK\u00a0500"],
    ["de-DE", 271_32, "eur", "271,32\u00a0€"],
    ["de-DE", -15_200, "eur", "\u2212152,00\u00a0€"],
    ["de-DE", 1_234, "jpy", "1.234\u00a0¥"],
    ["de-DE", 1_234, "kwd", "1,234\u00a0KWD"],
    ["de-DE", 50_000, "isk", "500\u00a0ISK"],
    ["de-DE", 50_050, "isk", "500,5\u00a0ISK"],
    ["en-US", Number.MAX_SAFE_INTEGER, "eur", "€90,071,992,547,409.91"],
  ])("in %s writes %i minor units of %s as %s", (locale, minorUnits, currency, written) => {
    expect(createMoneyFormat(locale)(minorUnits, currency)).toBe(written);
  });

  it("refuses an amount that is no whole number of minor units", () => {
    expect(() => toDecimal(19.99, 2)).toThrow(RangeError);
  });
});

describe("quantities and dates", () => {
  const format = createFormat("en-US");

  it.each([
    [0, "0 B"],
    [1_023, "1,023 B"],
    [1_536, "1.5 KiB"],
    [512 * 1_048_576, "512 MiB"],
    [10 * 1_073_741_824, "10 GiB"],
  ])("writes %i bytes as %s", (bytes, written) => {
    expect(format.bytes(bytes)).toBe(written);
  });

  it("signs what comes and what goes", () => {
    expect([format.signed(1_000_000), format.signed(-180_000)]).toEqual(["+1,000,000", "−180,000"]);
  });

  it("writes dates in UTC, to the last millisecond of the day", () => {
    expect(format.date("2026-11-30T23:59:59.999Z")).toBe("30 Nov 2026");
    expect(format.date("2026-12-01T00:00:00.000Z")).toBe("1 Dec 2026");
    expect(format.moment("2026-11-22T09:14:07.000Z")).toBe("22 Nov 2026, 09:14:07 UTC");
  });

  it("F3 writes German dates, and dates in the language of the words around them", () => {
    const german = createFormat("de-DE");
    expect(german.date("2026-12-12T00:00:00Z")).toBe("12. Dez. 2026");
    expect(german.moment("2026-11-22T09:14:07Z")).toBe("22. Nov. 2026, 09:14:07 UTC");
    expect(german.until("2026-11-22T23:00:00Z", "2026-12-12T01:00:00Z")).toBe("in 20 Tagen");
    const french = createFormat("fr-FR", "en");
    expect(french.date("2026-12-12T00:00:00Z")).toBe("12 Dec 2026");
    expect(french.money(123_450, "eur")).toMatch(/^1\s234,50\s€$/);
  });

  it("T3 reads back what it writes in Arabic digits", () => {
    const arabic = createFormat("ar-EG");
    const field = createAmountField("ar-EG");
    expect(arabic.count(7_000_000)).toBe("٧٬٠٠٠٬٠٠٠");
    expect(field.readCount(arabic.count(7_000_000))).toBe(7_000_000);
    expect(field.readAmount(field.amount(1_250, "kwd"), "kwd")).toBe(1_250);
    expect(field.readCount("500")).toBe(500);
  });

  it("counts whole days from the server's now", () => {
    expect(format.until("2026-11-22T23:00:00Z", "2026-12-12T01:00:00Z")).toBe("in 20 days");
    expect(format.until("2026-11-22T01:00:00Z", "2026-11-23T23:00:00Z")).toBe("tomorrow");
  });
});
