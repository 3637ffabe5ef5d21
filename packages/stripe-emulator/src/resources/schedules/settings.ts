/** The settings of a schedule that hold for all phases which say nothing else. */
import type { SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { requireBuyer } from "../invoices/buyer.ts";
import { customerOf } from "../customers.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { changed } from "../products.ts";

type Settings = SubscriptionSchedule["default_settings"];
type SettingsParams = Given<Stripe.SubscriptionScheduleUpdateParams.DefaultSettings>;

const NONE: Settings = {
  automatic_tax: false,
  billing_cycle_anchor: "automatic",
  default_payment_method: null,
  description: null,
};

const NOT_SERVED = [
  "application_fee_percent",
  "billing_thresholds",
  "invoice_settings",
  "on_behalf_of",
  "transfer_data",
] as const;

export function settingsFrom(
  sandbox: Sandbox,
  given: SettingsParams | null | undefined,
  customer: string,
  before: Settings = NONE,
): Settings {
  if (!given) return before;
  const unserved = NOT_SERVED.find((name) => given[name] != null);
  if (unserved !== undefined || given.collection_method === "send_invoice") {
    const name = unserved ?? "collection_method";
    throw invalidRequest(`The emulator does not serve \`${name}\` of a schedule.`, {
      param: `default_settings[${name}]`,
    });
  }
  const param = "default_settings[default_payment_method]";
  const isTaxed = given.automatic_tax?.enabled ?? before.automatic_tax;
  if (isTaxed && !before.automatic_tax) requireBuyer(sandbox, customerOf(sandbox, customer));
  return {
    automatic_tax: isTaxed,
    billing_cycle_anchor: given.billing_cycle_anchor ?? before.billing_cycle_anchor,
    default_payment_method: given.default_payment_method
      ? usablePaymentMethod(sandbox, given.default_payment_method, customer, param).id
      : changed(given.default_payment_method, before.default_payment_method),
    description: changed(given.description, before.description),
  };
}

/** `none` and `renew` are the older words of other behaviours. */
export function endBehaviorFrom(
  given: "cancel" | "none" | "release" | "renew" | null | undefined,
): SubscriptionSchedule["end_behavior"] | null {
  if (given === "none" || given === "renew") {
    throw invalidRequest(`The emulator does not serve \`end_behavior=${given}\`: use release or cancel.`, {
      param: "end_behavior",
    });
  }
  return given ?? null;
}
