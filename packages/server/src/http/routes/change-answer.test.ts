import { checkCatalog } from "@bursar/core";
import { expect, it } from "vitest";
import defaultCatalog from "../../../../../bursar.config.ts";
import { GIVEN_UP } from "../../subscriptions/carry-out.ts";
import { throwRefusal } from "./change-answer.ts";

const check = checkCatalog(defaultCatalog);
if (!check.ok) throw new Error("The catalogue of this repository is wrong.");
const { catalog } = check;

it.each([
  ["Your card was declined.", true, "Your card was declined. Nothing was changed. Try another card."],
  [GIVEN_UP.bank, false, `${GIVEN_UP.bank} Nothing was changed. Look at a new preview to try again.`],
  [GIVEN_UP.price, false, `${GIVEN_UP.price} Nothing was changed. Look at a new preview to try again.`],
])("W2 a change that came to nothing says what to do about its cause: %s", (reason, isCard, detail) => {
  expect(() => throwRefusal({ code: "payment_failed", reason, isCard }, catalog)).toThrow(
    expect.objectContaining({ message: detail }) as Error,
  );
});
