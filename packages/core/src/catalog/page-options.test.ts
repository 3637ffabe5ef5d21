import { expect, it } from "vitest";
import defaultCatalog from "../../../../bursar.config.ts";
import { checkCatalog } from "./check-catalog.ts";

const pageOf = (page?: unknown) => {
  const check = checkCatalog({ ...defaultCatalog, ...(page === undefined ? {} : { page }) });
  return check.ok ? check.catalog.page : check.mistakes;
};

it("OV3 US2 the page has a projection and no contact, unless the catalogue says otherwise", () => {
  expect(pageOf()).toEqual({ contactUrl: null, projection: true });
  expect(pageOf({ contactUrl: "mailto:sales@acme.example", projection: false })).toEqual({
    contactUrl: "mailto:sales@acme.example",
    projection: false,
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
