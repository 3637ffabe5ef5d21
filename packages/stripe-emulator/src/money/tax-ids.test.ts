import { expect, test } from "vitest";
import { countryOfTaxId, testVerification } from "./tax-ids.ts";

test.each([
  ["eu_vat", "DE123456789", "DE"],
  ["eu_vat", "de 123 456 789", "DE"],
  ["eu_vat", "DE12345678", undefined],
  ["eu_vat", "DE1234567890", undefined],
  ["eu_vat", "ATU12345678", "AT"],
  ["eu_vat", "AT12345678", undefined],
  ["eu_vat", "BE0123456789", "BE"],
  ["eu_vat", "BE2123456789", undefined],
  ["eu_vat", "CY12345678Z", "CY"],
  ["eu_vat", "EL123456789", "GR"],
  ["eu_vat", "GR123456789", undefined],
  ["eu_vat", "ESA1234567Z", "ES"],
  ["eu_vat", "FRAB123456789", "FR"],
  ["eu_vat", "FR123456789", undefined],
  ["eu_vat", "HR12345678912", "HR"],
  ["eu_vat", "IE1234567AB", "IE"],
  ["eu_vat", "LT123456789123", "LT"],
  ["eu_vat", "NL123456789B12", "NL"],
  ["eu_vat", "NL123456789", undefined],
  ["eu_vat", "RO1", undefined],
  ["eu_vat", "SE123456789123", "SE"],
  ["eu_vat", "XI123456789", "GB"],
  ["eu_vat", "GB123456789", undefined],
  ["eu_vat", "", undefined],
  ["gb_vat", "GB123456789", "GB"],
  ["gb_vat", "123456789", undefined],
  ["ch_vat", "CHE-123.456.789 MWST", "CH"],
  ["no_vat", "123456789MVA", "NO"],
  ["us_ein", "12-3456789", "US"],
  ["us_ein", "12-345", undefined],
  ["eu_oss_vat", "EU123456789", null],
  ["au_abn", "12345678912", "AU"],
  ["jp_trn", "x".repeat(31), undefined],
])("%s %s belongs to %s", (type, value, country) => {
  expect(countryOfTaxId(type, value)).toBe(country);
});

test.each([
  ["DE000000000", "verified"],
  ["DE111111111", "unverified"],
  ["DE222222222", "pending"],
  ["DE123456789", null],
] as const)("the test number %s is %s in the register", (value, status) => {
  expect(testVerification(value)).toBe(status);
});
