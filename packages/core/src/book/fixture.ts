import { checkCatalog } from "../catalog/check-catalog.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { EntitlementFacts, EntitlementSlice } from "../entitlements/entitlement.ts";
import { asAccountId } from "../kernel/ids.ts";
import { HOUR_MS, type Instant } from "../kernel/time.ts";
import { emptyState, type AccountState } from "./account-state.ts";
import { apply, type Applied } from "./apply.ts";
import type { Command, EventCommand, HoldCommand } from "./command.ts";
import type { BookContext } from "./counted-at.ts";
import { plainNote } from "./ledger-entry.ts";

/**
 * A book with small figures for the tests of this folder: a limit of 10 and an allocation of 100 on Free. Sessions and
 * tokens have groups, enrichments have none.
 */

export const ACCOUNT = asAccountId("acc_small");
export const STARTS_AT: Instant = Date.parse("2026-01-15T08:00:00Z");
/** The end of the first window. */
export const ENDS_AT: Instant = Date.parse("2026-02-15T08:00:00Z");

const limits = (counted: number, tokens: number | "unlimited") => ({
  sessions: counted,
  enrichments: counted,
  storage: counted,
  ai_tokens: tokens,
});
const meter = (kind: "counter" | "level" | "tokens", pastLimit: "refused" | "credits" = "refused") => ({
  name: kind,
  unit: kind,
  kind,
  pastLimit,
  limitSentence: "New use is refused",
});

function smallCatalog(): Catalog {
  const checked = checkCatalog({
    currency: "eur",
    meters: {
      sessions: { ...meter("counter"), groupBy: { property: "project", name: "Project" } },
      enrichments: meter("counter", "credits"),
      storage: meter("level"),
      ai_tokens: { ...meter("tokens", "credits"), groupBy: { property: "resource", name: "Project" } },
    },
    plans: {
      free: { name: "Free", kind: "free", limits: limits(10, 100) },
      team: { name: "Team", kind: "paid", priceCents: { month: 1900 }, limits: limits(50, 500) },
      enterprise: { name: "Enterprise", kind: "custom", limits: limits(1_000, "unlimited") },
    },
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.catalog;
}

export const CONTEXT: BookContext = { catalog: smallCatalog(), lateGraceMs: HOUR_MS };

export function slice(planId: string, startsAt = STARTS_AT, anchorAt = STARTS_AT): EntitlementSlice {
  return { startsAt, anchorAt, planId, interval: null, seats: 1 };
}

export function newAccount(facts: Partial<EntitlementFacts> = {}, accountId = ACCOUNT): AccountState {
  return emptyState(accountId, { slices: [slice("free")], overrides: {}, ...facts });
}

let lastId = 0;

export function event(fields: Partial<EventCommand> = {}): EventCommand {
  lastId += 1;
  const receivedAt = fields.receivedAt ?? STARTS_AT + HOUR_MS;
  return {
    type: "event",
    accountId: ACCOUNT,
    eventId: `e${lastId}`,
    meterId: "sessions",
    quantity: 1,
    time: receivedAt,
    receivedAt,
    mode: "plain",
    resource: null,
    group: null,
    ...fields,
  };
}

export function tokens(quantity: number, fields: Partial<EventCommand> = {}): EventCommand {
  return event({ meterId: "ai_tokens", quantity, ...fields });
}

export function purchase(
  amount: number,
  receivedAt = STARTS_AT + HOUR_MS,
  source = `pi_${(lastId += 1)}`,
): Command {
  const note = { ...plainNote("Pack"), priceCents: 500, currency: "eur" };
  return { type: "grant", accountId: ACCOUNT, receivedAt, kind: "purchase", source, tokens: amount, note };
}

export function hold(amount: number, fields: Partial<HoldCommand> = {}): HoldCommand {
  const receivedAt = fields.receivedAt ?? STARTS_AT + HOUR_MS;
  return {
    type: "hold",
    accountId: ACCOUNT,
    receivedAt,
    holdId: `hold_${(lastId += 1)}`,
    tokens: amount,
    expiresAt: receivedAt + HOUR_MS,
    description: "AI tokens",
    resource: null,
    ...fields,
  };
}

/** Applies commands to one account, one after the other. */
export function run(state: AccountState, ...commands: Command[]): Applied & { state: AccountState } {
  const applied = apply(CONTEXT, new Map([[state.accountId, state]]), commands);
  return { ...applied, state: applied.states.get(state.accountId)! };
}

export const codes = (applied: Applied) => applied.outcomes.map((outcome) => outcome.code);
