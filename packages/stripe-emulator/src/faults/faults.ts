/**
 * The faults that are on. They live in memory and end with the process: a restart is a clean slate, because a fault that
 * somebody ordered last week and forgot would be taken for a bug of the code under test.
 */
import type { PaymentMethod } from "../entities/payment-method.ts";
import { DECLINE_MESSAGES, errorCode } from "../resources/test-cards.ts";
import type { Failure } from "../entities/charge.ts";
import { newId } from "../store/ids.ts";
import { Chance } from "./chance.ts";
import type {
  CardDeclineFault,
  Fault,
  FaultSpec,
  RateLimitFault,
  ServerErrorFault,
  TimeoutFault,
} from "./fault.ts";
import { parseFault } from "./parse.ts";

/** More than anybody can keep in mind; each request walks through all of them. */
const MOST_FAULTS = 1000;

interface Active {
  spec: FaultSpec;
  chance: Chance;
  matched: number;
  struck: number;
}

/** What happens to one event on its way to one endpoint. */
export interface DeliveryPlan {
  delay_ms: number;
  /** So many tries are lost; null loses all. */
  lost: number | null;
  copies: number;
}

export class Faults {
  readonly #active = new Map<string, Active>();

  /** Throws a sentence when the fault makes no sense. */
  add(spec: FaultSpec): Fault {
    const parsed = parseFault(spec);
    if ("wrong" in parsed) throw new Error(parsed.wrong);
    if (this.#active.size >= MOST_FAULTS) {
      throw new Error(`There are ${MOST_FAULTS} faults already: clear some.`);
    }
    const id = newId("fault");
    this.#active.set(id, { spec: parsed, chance: new Chance(parsed.seed ?? 1), matched: 0, struck: 0 });
    return this.get(id) as Fault;
  }

  get(id: string): Fault | undefined {
    const active = this.#active.get(id);
    return active && { id, ...active.spec, matched: active.matched, struck: active.struck };
  }

  list(): Fault[] {
    return [...this.#active.keys()].flatMap((id) => this.get(id) ?? []);
  }

  /** One of them, or all. Returns how many there were. */
  clear(id?: string): number {
    const before = this.#active.size;
    if (id === undefined) this.#active.clear();
    else this.#active.delete(id);
    return before - this.#active.size;
  }

  /** The first fault, in the order they were added, that strikes this request. */
  forRequest(method: string, path: string): RateLimitFault | ServerErrorFault | TimeoutFault | null {
    for (const active of this.#active.values()) {
      const { spec } = active;
      if (spec.kind !== "rate_limit" && spec.kind !== "server_error" && spec.kind !== "timeout") continue;
      if (spec.method !== undefined && spec.method !== method) continue;
      if (spec.path !== undefined && !isLike(path, spec.path)) continue;
      if (strikes(active)) return spec;
    }
    return null;
  }

  /** Why the bank refuses this card now, or null. */
  forCharge(method: PaymentMethod, card: { fingerprint: string; last4: string }): Failure | null {
    for (const active of this.#active.values()) {
      const { spec } = active;
      if (spec.kind !== "card_decline" || !isOf(spec, method, card) || !strikes(active)) continue;
      const decline_code = spec.decline_code ?? "generic_decline";
      return { code: errorCode(decline_code), decline_code, message: DECLINE_MESSAGES[decline_code] };
    }
    return null;
  }

  /** All faults that strike this delivery, together: the longest delay, the heaviest loss, all the copies. */
  forDelivery(endpoint: string, type: string): DeliveryPlan {
    const plan: DeliveryPlan = { delay_ms: 0, lost: 0, copies: 0 };
    for (const active of this.#active.values()) {
      const { spec } = active;
      if (spec.kind !== "webhook_delay" && spec.kind !== "webhook_drop" && spec.kind !== "webhook_repeat")
        continue;
      if (spec.endpoint !== undefined && spec.endpoint !== endpoint) continue;
      if (spec.type !== undefined && !isLike(type, spec.type)) continue;
      if (!strikes(active)) continue;
      if (spec.kind === "webhook_repeat") plan.copies += spec.copies ?? 1;
      else if (spec.kind === "webhook_drop") plan.lost = heavier(plan.lost, spec.attempts ?? null);
      else {
        const range = (spec.up_to_ms ?? spec.delay_ms) - spec.delay_ms;
        const delay = spec.delay_ms + active.chance.below(range + 1);
        plan.delay_ms = Math.max(plan.delay_ms, delay);
      }
    }
    return plan;
  }

  /** The order in which an endpoint gets the events of one transaction; theirs unless a fault mixes them. */
  orderFor<T>(endpoint: string, events: T[]): T[] {
    if (events.length < 2) return events;
    for (const active of this.#active.values()) {
      const { spec } = active;
      if (spec.kind !== "webhook_shuffle") continue;
      if (spec.endpoint !== undefined && spec.endpoint !== endpoint) continue;
      if (strikes(active)) return shuffled(events, active.chance);
    }
    return events;
  }
}

function strikes(active: Active): boolean {
  const { times = Infinity, skip = 0, fraction = 1 } = active.spec;
  if (active.struck >= times) return false;
  active.matched += 1;
  if (active.matched <= skip) return false;
  // One draw for each match, struck or not: the choices then depend on the matches alone.
  if (active.chance.next() >= fraction) return false;
  active.struck += 1;
  return true;
}

function isOf(spec: CardDeclineFault, method: PaymentMethod, card: { fingerprint: string; last4: string }) {
  const pairs = [
    [spec.payment_method, method.id],
    [spec.customer, method.customer],
    [spec.fingerprint, card.fingerprint],
    [spec.last4, card.last4],
  ];
  return pairs.every(([wanted, is]) => wanted === undefined || wanted === is);
}

/** `*` stands for anything, everything else for itself. */
function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function heavier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** Fisher and Yates's: every order is equally likely. */
function shuffled<T>(items: T[], chance: Chance): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
