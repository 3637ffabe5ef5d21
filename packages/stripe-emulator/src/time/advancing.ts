/** While a test clock advances nothing of its customers may be written: it would happen at no certain time. */
import type { Assumptions } from "../assumptions.ts";
import type { Entity } from "../store/collection.ts";
import type { Store } from "../store/store.ts";
import { StripeError } from "../wire/errors.ts";

/** Looks at what the open transaction has changed, and throws when any of it lives on a clock that advances. */
export function refuseWhileAdvancing(store: Store, refusal: Assumptions["advancingRefusal"]): void {
  if (store.testClocks.where("status", "advancing").length === 0) return;
  for (const { collection, object } of store.touched()) {
    const clock = store.testClocks.get(clockOf(store, collection, object) ?? "");
    if (clock?.status === "advancing") throw clockIsAdvancing(clock.id, refusal);
  }
}

function clockOf(store: Store, collection: string, object: Entity): string | null {
  const fields = object as { customer?: string | null; subscription?: string | null; test_clock?: string };
  if (collection === "customers") return fields.test_clock ?? null;
  const customer = fields.customer ?? store.subscriptions.get(fields.subscription ?? "")?.customer;
  return store.customers.get(customer ?? "")?.test_clock ?? null;
}

export function clockIsAdvancing(clock: string, refusal: Assumptions["advancingRefusal"]): StripeError {
  const message = `The test clock ${clock} is advancing. Wait until its status is \`ready\` before you change what lives on it.`;
  const type = "invalid_request_error";
  const [status, code] = refusal === "lock_timeout" ? [429, { code: "lock_timeout" }] : [400, {}];
  return new StripeError(status, { type, message, ...code }, { beforeWork: true });
}
