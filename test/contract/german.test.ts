/* What the server can refuse has a German sentence, or is named here as nothing that a page comes upon. */
import type { Problem } from "@bursar/client";
import { expect, it } from "vitest";
import { createFormat } from "../../packages/react/src/format/create-format.ts";
import { german } from "../../packages/react/src/messages/german.ts";
import { PROBLEMS } from "../../packages/server/src/http/problem.ts";
import type { RefusalCode } from "../../packages/server/src/overview/permissions.ts";

/** All of them, or this does not compile. */
const refusals: Record<RefusalCode, true> = {
  role: true,
  highest_plan: true,
  no_seats: true,
  nothing_to_cancel: true,
  cancelled_already: true,
  not_cancelled: true,
  arranged: true,
  bank_pending: true,
  change_pending: true,
  payment_due: true,
  no_payment_method: true,
  no_packs: true,
  paid_plan_needed: true,
  no_saved_card: true,
  recharge_off: true,
  not_offered: true,
  nothing_to_withdraw: true,
  withdrawal_over: true,
  withdrawing: true,
};

const ofSettings = ["keys_role", "webhooks_role", "role_above_own", "key_makes_none"];

it.each([...Object.keys(refusals), ...ofSettings, "members_role", "one_seat", "owner_only", "last_owner"])(
  "W3 the reason %s is told in German",
  (code) => {
    expect(german.told?.reason({ allowed: false, code, names: ["Ann"] })).toMatch(/^\p{Lu}.*\.$/u);
  },
);

/** Of a mistake in a call, which is for its programmer, or told by its reason. */
const forProgrammers = new Set([
  "invalid_request",
  "invalid_json",
  "invalid_signature",
  "limit_reached",
  "insufficient_credits",
  "origin_not_allowed",
  "not_found",
  "conflict",
  "seats_in_use",
  "hold_closed",
  "too_large",
  "unsupported_media_type",
  "idempotency_mismatch",
]);

it.each(Object.keys(PROBLEMS).filter((code) => !forProgrammers.has(code)))(
  "W3 the refusal %s is told in German",
  (code) => {
    const problem = { code, detail: "English" } as Problem;
    expect(german.told?.problem(problem, createFormat("de-DE"))).toMatch(/^\p{Lu}.*\.$/u);
  },
);
