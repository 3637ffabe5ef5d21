/** Evidence of a dispute: texts that are kept and, for real banks, files, which the emulator does not store. */
import { invalidRequest } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";

const TEXTS = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_tracking_number",
  "uncategorized_text",
] as const;

const FILES = [
  "cancellation_policy",
  "customer_communication",
  "customer_signature",
  "duplicate_charge_documentation",
  "receipt",
  "refund_policy",
  "service_documentation",
  "shipping_documentation",
  "uncategorized_file",
] as const;

/** Every field, as a dispute without evidence shows them. */
export function blankEvidence(): Record<string, null> {
  return Object.fromEntries([...TEXTS, ...FILES].map((name) => [name, null]));
}

/** All texts together may be so long. */
const MAX_LENGTH = 150_000;

/** The texts that were given, over those that were there. */
export function mergeEvidence(
  current: Record<string, string | null>,
  given: Given<NonNullable<Stripe.DisputeUpdateParams["evidence"]>> | null | undefined,
): Record<string, string | null> {
  if (!given) return current;
  const unserved = [...FILES, "appeal", "enhanced_evidence"].find((name) => Object.hasOwn(given, name));
  if (unserved !== undefined) {
    throw invalidRequest(
      `The emulator keeps texts as evidence, no files and no appeals: leave \`${unserved}\` out.`,
      {
        param: `evidence[${unserved}]`,
      },
    );
  }
  const texts = TEXTS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  const merged = { ...current, ...Object.fromEntries(texts) };
  const length = Object.values(merged).reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (length > MAX_LENGTH) {
    throw invalidRequest(`Evidence may have up to ${MAX_LENGTH} characters in all.`, { param: "evidence" });
  }
  return merged;
}
