import { expect, it } from "vitest";
import { createAmountField } from "./amount-field.ts";
import { createFormat } from "./create-format.ts";

it.each([
  ["en-US", "50.00", "eur", 5_000],
  ["en-US", "50", "eur", 5_000],
  ["en-US", "1,250.5", "eur", 125_050],
  ["en-US", "50,00", "eur", null],
  ["de-DE", "50,00", "eur", 5_000],
  ["de-DE", "1.250,50", "eur", 125_050],
  ["de-DE", "50.00", "eur", null],
  ["fr-FR", "1 250,5", "eur", 125_050],
  ["en-US", "5000", "jpy", 5_000],
  ["en-US", "50.001", "kwd", 50_001],
  ["en-US", "50.001", "eur", null],
  ["en-US", "-5", "eur", null],
  ["en-US", "fifty", "eur", null],
  ["en-US", "", "eur", null],
  ["en-US", "9999999999999999", "eur", null],
])("F2 in %s %j of %s is %j minor units", (locale, text, currency, minorUnits) => {
  expect(createAmountField(locale).readAmount(text, currency)).toBe(minorUnits);
});

it.each([
  ["en-US", "500,000", 500_000],
  ["de-DE", "500.000", 500_000],
  ["en-US", "500000", 500_000],
  ["en-US", "5.5", null],
])("in %s %j is a count of %j", (locale, text, count) => {
  expect(createAmountField(locale).readCount(text)).toBe(count);
});

it.each(["en-US", "de-DE", "fr-FR", "pt-BR"])("what is written in %s is read as the same", (locale) => {
  const format = createFormat(locale);
  const field = createAmountField(locale);
  expect(field.readAmount(field.amount(123_456_789, "eur"), "eur")).toBe(123_456_789);
  expect(field.readCount(format.count(7_000_000))).toBe(7_000_000);
});
