import { expect, it } from "vitest";
import defaultCatalog from "../../../../bursar.config.ts";
import { checkCatalog } from "./check-catalog.ts";

const pageOf = (page?: unknown) => {
  const check = checkCatalog({ ...defaultCatalog, ...(page === undefined ? {} : { page }) });
  return check.ok ? check.catalog.page : check.mistakes;
};

it("OV3 US2 the page has a projection and no contact, unless the catalogue says otherwise", () => {
  const labels = { pay: {} };
  expect(pageOf()).toEqual({ contactUrl: null, projection: true, labels, withdrawal: null });
  expect(pageOf({ contactUrl: "mailto:sales@acme.example", projection: false })).toEqual({
    contactUrl: "mailto:sales@acme.example",
    projection: false,
    labels,
    withdrawal: null,
  });
});

it.each(["javascript:alert(1)", "http://acme.example", "sales@acme.example"])(
  "OV3 %s is no address to send customers to",
  (contactUrl) => {
    expect(pageOf({ contactUrl })).toEqual([
      { path: "page.contactUrl", reason: "is an address that begins with https:// or mailto:" },
    ]);
  },
);

it("CA4 R2 a button that charges may have a legal text for a language, and it still names the sum", () => {
  const pay = { en: "Order with obligation to pay {sum}", de: "Zahlungspflichtig bestellen: {sum}" };
  expect(pageOf({ labels: { pay } })).toMatchObject({ labels: { pay } });
});

it.each([
  [{ de: "Zahlungspflichtig bestellen" }, "page.labels.pay.de", /^names the sum once, as \{sum\}/],
  [{ de: "{sum} und noch einmal {sum}" }, "page.labels.pay.de", /^names the sum once/],
  [{ de: `{sum} ${"x".repeat(80)}` }, "page.labels.pay.de", /^has 80 characters at most$/],
  [{ "de-AT": "{sum}" }, "page.labels.pay.de-AT", /./],
])("CA4 the label %j is refused with its path", (pay, path, reason) => {
  expect(pageOf({ labels: { pay } })).toEqual([{ path, reason: expect.stringMatching(reason) as string }]);
});

it("CA4 withdrawal is offered for 14 days unless the catalogue says otherwise, with texts by language", () => {
  const none = { start: {}, confirm: {} };
  expect(pageOf({ withdrawal: {} })).toMatchObject({ withdrawal: { days: 14, labels: none } });
  const labels = { start: { de: "Vertrag widerrufen" }, confirm: { de: "Widerruf bestätigen" } };
  expect(pageOf({ withdrawal: { days: 28, labels } })).toMatchObject({ withdrawal: { days: 28, labels } });
});

it.each([
  [{ days: 0 }, "page.withdrawal.days", "is at least 1"],
  [{ days: 29 }, "page.withdrawal.days", "is at most 28, within the first month"],
  [{ labels: { start: { de: " " } } }, "page.withdrawal.labels.start.de", "is not empty"],
])("CA4 the withdrawal %j is refused with its path", (withdrawal, path, reason) => {
  expect(pageOf({ withdrawal })).toEqual([{ path, reason }]);
});
