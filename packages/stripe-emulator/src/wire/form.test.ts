import fc from "fast-check";
import { expect, test } from "vitest";
import { StripeError } from "./errors.ts";
import { decodeForm } from "./form.ts";

const decode = (text: string) => JSON.parse(JSON.stringify(decodeForm(text))) as unknown;

test.each([
  ["", {}],
  ["a=1&b=", { a: "1", b: "" }],
  ["a+b=c%20d", { "a b": "c d" }],
  ["metadata[k]=v", { metadata: { k: "v" } }],
  ["items[0][price]=p&items[0][quantity]=2", { items: { 0: { price: "p", quantity: "2" } } }],
  [
    "items[][price]=p&items[][quantity]=2&items[][price]=q",
    { items: { 0: { price: "p", quantity: "2" }, 1: { price: "q" } } },
  ],
  ["expand[]=a&expand[]=b", { expand: { 0: "a", 1: "b" } }],
  ["expand[0]=a&expand[]=b&expand[7]=c&expand[]=d", { expand: { 0: "a", 1: "b", 7: "c", 8: "d" } }],
  [
    "phases[][items][][price]=p&phases[][items][][price]=q&phases[][end_date]=1",
    { phases: { 0: { items: { 0: { price: "p" } } }, 1: { items: { 0: { price: "q" } }, end_date: "1" } } },
  ],
  [
    "phases[0][items][][price]=p&phases[0][items][][price]=q",
    { phases: { 0: { items: { 0: { price: "p" }, 1: { price: "q" } } } } },
  ],
  ["discounts=&metadata[a][b]=c&=x&&", { discounts: "", metadata: { a: { b: "c" } }, "": "x" }],
  ["a[b=1", { "a[b": "1" }],
])("decodes %s", (text, tree) => {
  expect(decode(text)).toEqual(tree);
});

test("a parameter called __proto__ is a parameter and changes nothing else", () => {
  expect(Object.keys(decodeForm("__proto__[polluted]=yes"))).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("contradicting and broken input is refused with 400", () => {
  const deep = `a${"[b]".repeat(50)}=1`;
  for (const text of ["a=1&a[b]=2", "a[b]=1&a=2", "a=%E0%A4%A", deep]) {
    expect(() => decodeForm(text)).toThrow(StripeError);
  }
});

test("no text breaks the decoder: it answers a tree or refuses", () => {
  const piece = fc.constantFrom("a", "[", "]", "=", "&", "0", "%", "+", "__proto__", "[]", "é", "");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        return typeof decodeForm(pieces.join("")) === "object";
      } catch (error) {
        return error instanceof StripeError && error.status === 400;
      }
    }),
  );
});
