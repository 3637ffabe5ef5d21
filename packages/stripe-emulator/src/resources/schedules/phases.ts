/**
 * Phases as a request states them, made into phases with dates. Each begins where the one before ends; its length is an
 * end date, a duration, or one interval of its first price. Items are a full list: what is not named is not there.
 */
import type { SchedulePhase } from "../../entities/subscription-schedule.ts";
import type { Sandbox } from "../../sandbox.ts";
import { fromAnchor, type Cycle } from "../../time/calendar.ts";
import { invalidRequest, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { chooseDiscounts, giveDiscounts } from "../discounts/discounts.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { wantedItems } from "../subscriptions/items.ts";

export type PhaseParams =
  Given<Stripe.SubscriptionScheduleCreateParams.Phase> | Given<Stripe.SubscriptionScheduleUpdateParams.Phase>;

/** Stripe's most. */
const MAX_PHASES = 10;

const NOT_SERVED = [
  "add_invoice_items",
  "application_fee_percent",
  "automatic_tax",
  "billing_thresholds",
  "collection_method",
  "default_tax_rates",
  "invoice_settings",
  "on_behalf_of",
  "transfer_data",
] as const;

export interface PhaseContext {
  customer: string;
  /** Where the first phase begins. */
  start: number;
  now: number;
}

export function phasesFrom(
  sandbox: Sandbox,
  given: readonly PhaseParams[],
  context: PhaseContext,
): SchedulePhase[] {
  if (given.length === 0) throw parameterMissing("phases");
  if (given.length > MAX_PHASES) {
    throw invalidRequest(`A subscription schedule has at most ${MAX_PHASES} phases.`, { param: "phases" });
  }
  const phases: SchedulePhase[] = [];
  for (const [index, params] of given.entries()) {
    const start = phases.at(-1)?.end_date ?? context.start;
    phases.push(phaseFrom(sandbox, params, { ...context, start, param: `phases[${index}]` }));
  }
  const currencies = new Set(phases.map(({ currency }) => currency));
  if (currencies.size > 1) throw invalidRequest("All phases must have one currency.", { param: "phases" });
  return phases;
}

function phaseFrom(
  sandbox: Sandbox,
  params: PhaseParams,
  at: PhaseContext & { param: string },
): SchedulePhase {
  const unserved = NOT_SERVED.find((name) => params[name] != null);
  if (unserved !== undefined) {
    const param = `${at.param}[${unserved}]`;
    throw invalidRequest(`The emulator does not serve \`${unserved}\` of a phase.`, { param });
  }
  const taxed = (params.items ?? []).findIndex((item) => item.tax_rates != null);
  if (taxed >= 0) {
    throw invalidRequest("The emulator does not serve `tax_rates` of an item of a phase.", {
      param: `${at.param}[items][${taxed}][tax_rates]`,
    });
  }
  const { items } = wantedItems(sandbox, [], params.items ?? []);
  const [first] = items;
  if (first === undefined) throw parameterMissing(`${at.param}[items]`);
  const end_date = endOf(params, first.price.recurring, at);
  const currency = first.price.currency;
  const method = params.default_payment_method;
  return {
    start_date: at.start,
    end_date,
    items: items.map(({ price, quantity, metadata }) => ({ price: price.id, quantity, metadata })),
    billing_cycle_anchor: params.billing_cycle_anchor ?? null,
    currency,
    default_payment_method: method
      ? usablePaymentMethod(sandbox, method, at.customer, `${at.param}[default_payment_method]`).id
      : null,
    description: params.description ?? null,
    discounts: discountsFrom(sandbox, params, currency, at),
    metadata: mergeMetadata({}, params.metadata),
    proration_behavior: params.proration_behavior ?? "create_prorations",
    trial_end: trialFrom(params, end_date, at),
  };
}

function endOf(params: PhaseParams, cycle: Cycle, at: PhaseContext & { param: string }): number {
  const { duration, end_date: end } = params;
  if (duration != null && end != null) {
    throw invalidRequest("You may only specify one of these parameters: duration, end_date.", {
      param: `${at.param}[end_date]`,
    });
  }
  if (end != null) {
    const instant = end === "now" ? at.now : end;
    if (instant > at.start) return instant;
    throw invalidRequest("A phase must end after it starts.", { param: `${at.param}[end_date]` });
  }
  const length =
    duration == null ? cycle : { interval: duration.interval, interval_count: duration.interval_count ?? 1 };
  return fromAnchor(at.start, length, 1);
}

function discountsFrom(
  sandbox: Sandbox,
  { discounts }: PhaseParams,
  currency: string,
  at: PhaseContext & { param: string },
): string[] | null {
  if (discounts == null) return discounts === null ? [] : null;
  const customer = customerOf(sandbox, at.customer);
  const context = { customer, currency, subtotal: 0, param: `${at.param}[discounts]` };
  const chosen = chooseDiscounts(sandbox, discounts, context);
  for (const { existing } of chosen) {
    if (existing?.end != null && existing.end <= at.now) {
      throw invalidRequest(`The discount ${existing.id} has expired.`, { param: context.param });
    }
  }
  return giveDiscounts(sandbox, chosen, { customer: customer.id, subscription: null }).map(({ id }) => id);
}

/** `trial` makes all of a phase a trial. */
function trialFrom(params: PhaseParams, end: number, at: PhaseContext & { param: string }): number | null {
  const { trial, trial_end: until } = params;
  const instant = trial ? end : until === "now" ? null : (until ?? null);
  if (instant === null || instant <= end) return instant;
  throw invalidRequest("A trial must end within its phase.", { param: `${at.param}[trial_end]` });
}
