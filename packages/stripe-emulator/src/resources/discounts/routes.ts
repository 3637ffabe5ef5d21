/** The routes that take discounts away again. */
import type { Discount } from "../../entities/discount.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject, StripeError } from "../../wire/errors.ts";
import { route } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import { updateSubscription } from "../subscriptions/subscription.ts";
import { showDiscount } from "./discounts.ts";

function noActiveDiscount(noun: string, id: string): StripeError {
  const message = `No active discount for ${noun}: ${id}`;
  return new StripeError(404, { type: "invalid_request_error", code: "resource_missing", message });
}

function showDeleted(sandbox: Sandbox, discount: Discount): WireObject {
  const { end: _, ...fields } = showDiscount(sandbox, discount);
  return { ...fields, object: "discount", deleted: true };
}

export const discountRoutes = [
  /** This API version has no way to give a customer a discount, so there is never one to take away. */
  route("DELETE /v1/customers/{id}/discount", ({ sandbox, id }) => {
    if (sandbox.store.customers.get(id) === undefined) throw noSuchObject("customer", id);
    throw noActiveDiscount("customer", id);
  }),
  route("DELETE /v1/subscriptions/{id}/discount", ({ sandbox, id }) => {
    const subscription = sandbox.store.subscriptions.get(id);
    if (subscription === undefined) throw noSuchObject("subscription", id);
    const discounts = subscription.discounts.flatMap((one) => sandbox.store.discounts.get(one) ?? []);
    const last = discounts.at(-1);
    if (last === undefined) throw noActiveDiscount("subscription", id);
    updateSubscription(sandbox, subscription, { discounts: [] });
    for (const discount of discounts)
      sandbox.emit("customer.discount.deleted", showDiscount(sandbox, discount));
    return showDeleted(sandbox, last);
  }),
];
