/**
 * A holder who denies a charge later, over HTTP and without a key: the cards of Stripe's test mode open a dispute at once
 * and of the whole, but life brings one weeks after a payment, after a refund, or of a part.
 *
 *   POST /_emulator/disputes    {"payment_intent": "pi_...", "amount": 250, "inquiry": true}
 */
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import type { Charge } from "../entities/charge.ts";
import { openDispute, showDispute } from "../resources/payments/disputes.ts";
import type { Sandbox } from "../sandbox.ts";
import type { WireObject } from "../wire/shape.ts";
import { refuseOtherSites } from "./same-site.ts";

export interface DisputeOrder {
  /** The payment, or its charge (`ch_...`). */
  payment_intent: string;
  /** Minor units; all that was charged when not given. */
  amount?: number;
  /** A question of the bank, which withdraws nothing. */
  inquiry?: boolean;
}

const PATH = "/_emulator/disputes";
const FIELDS: readonly string[] = ["payment_intent", "amount", "inquiry"] satisfies (keyof DisputeOrder)[];

export function mountDisputes(
  app: Hono<Env>,
  { sandbox, afterAnswer }: { sandbox: Sandbox; afterAnswer: () => void },
): void {
  app.use(PATH, refuseOtherSites);
  app.post(PATH, async (c) => {
    const opened = orderDispute(sandbox, await readJson(c));
    if ("wrong" in opened) return c.json({ error: { message: opened.wrong } }, 400);
    afterAnswer();
    return c.json(opened.dispute, 201);
  });
}

/** @returns the dispute as Stripe shows it, or what is wrong with the order */
export function orderDispute(
  sandbox: Sandbox,
  order: unknown,
): { readonly dispute: WireObject } | { readonly wrong: string } {
  if (typeof order !== "object" || order === null) return { wrong: "Send a JSON object." };
  const unknown = Object.keys(order).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) return { wrong: `There is no field ${unknown}: ${FIELDS.join(", ")}.` };
  const { payment_intent: payment, amount, inquiry = false } = order as Record<string, unknown>;
  if (typeof payment !== "string") return { wrong: "Name the payment_intent that is denied." };
  const charge = chargeOf(sandbox, payment);
  if (charge === undefined) return { wrong: `${payment} has no charge that succeeded.` };
  const of = amount === undefined ? charge.amount : amount;
  if (typeof of !== "number" || !Number.isSafeInteger(of) || of < 1 || of > charge.amount) {
    return { wrong: `The amount is a whole number from 1 to ${charge.amount}, what was charged.` };
  }
  if (typeof inquiry !== "boolean") return { wrong: "inquiry is true or false." };
  return sandbox.transaction(() => {
    const opened = openDispute(sandbox, charge, inquiry ? "inquiry" : "fraudulent", of);
    return { dispute: showDispute(sandbox, opened) };
  });
}

function chargeOf({ store }: Sandbox, id: string): Charge | undefined {
  const chargeId = id.startsWith("ch_") ? id : (store.paymentIntents.get(id)?.latest_charge ?? "");
  const charge = store.charges.get(chargeId);
  return charge !== undefined && charge.failure === null && charge.captured ? charge : undefined;
}

/** Undefined, which is no order, when it is not JSON. */
async function readJson(c: Context<Env>): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch {
    return undefined;
  }
}
