/** Reads a fault from JSON. What is not known or not possible is refused by its name: a fault that never strikes misleads. */
import { DECLINES } from "../resources/test-cards.ts";
import type { FaultSpec } from "./fault.ts";

type Check = (value: unknown) => string | null;

/** An hour: longer than any client waits. */
const LONGEST_HOLD_MS = 3_600_000;
const LONGEST_DELAY_MS = 30 * 24 * 3_600_000;
const MOST_COPIES = 100;
const MOST_TIMES = 1_000_000_000;

const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? null
      : `a whole number from ${min} to ${max}`;
const text: Check = (value) => (typeof value === "string" && value !== "" ? null : "a text");
const flag: Check = (value) => (typeof value === "boolean" ? null : "true or false");
const share: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1 ? null : "a number from 0 to 1";
const oneOf =
  (...names: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && names.includes(value) ? null : `one of ${names.join(", ")}`;

const when = {
  times: whole(1, MOST_TIMES),
  skip: whole(0, MOST_TIMES),
  fraction: share,
  seed: whole(0, 2 ** 32 - 1),
};
const ofRequests = { ...when, method: oneOf("GET", "POST", "DELETE"), path: text };
const ofWebhooks = { ...when, type: text, endpoint: text };
const stage = oneOf("before", "after");

const fields: Record<FaultSpec["kind"], Record<string, Check>> = {
  rate_limit: { ...ofRequests, code: oneOf("rate_limit", "lock_timeout"), should_retry: flag },
  server_error: { ...ofRequests, stage, should_retry: flag },
  timeout: { ...ofRequests, stage, hold_ms: whole(0, LONGEST_HOLD_MS) },
  card_decline: {
    ...when,
    payment_method: text,
    fingerprint: text,
    last4: text,
    customer: text,
    decline_code: oneOf(...DECLINES),
  },
  webhook_delay: {
    ...ofWebhooks,
    delay_ms: whole(0, LONGEST_DELAY_MS),
    up_to_ms: whole(0, LONGEST_DELAY_MS),
  },
  webhook_drop: { ...ofWebhooks, attempts: whole(1, MOST_COPIES) },
  webhook_repeat: { ...ofWebhooks, copies: whole(1, MOST_COPIES) },
  webhook_shuffle: { ...when, endpoint: text },
};

export const FAULT_KINDS = Object.keys(fields) as FaultSpec["kind"][];

/** The sentence says what is wrong, or else it is a fault. */
export function parseFault(given: unknown): FaultSpec | { wrong: string; field: string } {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { wrong: "A fault is a JSON object with a `kind`.", field: "kind" };
  }
  const { kind, ...rest } = given as Record<string, unknown>;
  const known = FAULT_KINDS.find((name) => name === kind);
  if (known === undefined)
    return { wrong: `\`kind\` must be one of ${FAULT_KINDS.join(", ")}.`, field: "kind" };
  for (const [field, value] of Object.entries(rest)) {
    if (!Object.hasOwn(fields[known], field))
      return { wrong: `A ${known} has no field \`${field}\`.`, field };
    const expected = fields[known][field]?.(value);
    if (expected) return { wrong: `\`${field}\` must be ${expected}.`, field };
  }
  return lacking(known, rest) ?? ({ kind: known, ...rest } as FaultSpec);
}

function lacking(kind: FaultSpec["kind"], given: Record<string, unknown>) {
  if (kind === "webhook_delay" && given["delay_ms"] === undefined) {
    return { wrong: "A webhook_delay needs `delay_ms`.", field: "delay_ms" };
  }
  if (kind === "webhook_delay" && Number(given["up_to_ms"] ?? Infinity) < Number(given["delay_ms"])) {
    return { wrong: "`up_to_ms` must not be less than `delay_ms`.", field: "up_to_ms" };
  }
  const cards = ["payment_method", "fingerprint", "last4", "customer"];
  if (kind === "card_decline" && !cards.some((name) => given[name] !== undefined)) {
    return { wrong: `A card_decline needs one of ${cards.join(", ")}.`, field: "payment_method" };
  }
  return null;
}
