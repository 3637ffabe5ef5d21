/**
 * Discounts of a session: named by the caller, or by a code that the buyer types. They show in the sums at once and are
 * redeemed when the session is paid.
 */
import type { CheckoutSession } from "../../entities/checkout-session.ts";
import type { Customer } from "../../entities/customer.ts";
import { lineAmount } from "../../money/amounts.ts";
import type { DiscountRule } from "../../money/discounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, StripeError } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import {
  chooseDiscounts,
  choosePromotionCode,
  ruleOf,
  type ChosenDiscount,
  type DiscountContext,
} from "../discounts/discounts.ts";
import { findPromotionCode } from "../discounts/promotion-codes.ts";
import { priceOf } from "../prices.ts";

type Chosen = CheckoutSession["discounts"];

/** What a session has when it is checked for restrictions: its lines and currency are known by then. */
type Priced = Pick<CheckoutSession, "lines" | "currency" | "mode">;

export function discountsFrom(
  sandbox: Sandbox,
  params: Given<Stripe.Checkout.SessionCreateParams>,
  session: Priced,
  customer: Customer | null,
): Chosen {
  const given = params.discounts ?? [];
  if (given.length === 0) return [];
  const param = "discounts";
  if (session.mode === "setup") {
    throw invalidRequest("You can not pass `discounts` in `setup` mode.", { param });
  }
  if (params.allow_promotion_codes != null) {
    throw invalidRequest("You may only specify one of these parameters: allow_promotion_codes, discounts.", {
      param,
    });
  }
  if (given.length > 1) {
    throw invalidRequest("Checkout takes one discount at most.", { param });
  }
  chooseDiscounts(sandbox, given, { ...contextOf(sandbox, session, customer), param });
  return given.map(({ coupon, promotion_code }) => ({
    coupon: coupon ?? null,
    promotion_code: promotion_code ?? null,
  }));
}

function contextOf(sandbox: Sandbox, session: Priced, customer: Customer | null): DiscountContext {
  const { lines, currency } = session;
  const subtotal = lines.reduce(
    (sum, { price, quantity }) => sum + lineAmount(priceOf(sandbox, price, "price"), quantity),
    0,
  );
  return { customer, currency, subtotal };
}

/** Puts a typed code on an open session in place of any other; an empty one takes it off. Says why not, if not. */
export function applyPromotionCode(
  sandbox: Sandbox,
  session: CheckoutSession,
  typed: string,
): { session: CheckoutSession; problem: string | null } {
  const { checkoutSessions } = sandbox.store;
  if (typed.trim() === "") {
    return { session: checkoutSessions.patch(session.id, { discounts: [] }), problem: null };
  }
  const promotion = findPromotionCode(sandbox, typed, session.customer);
  if (session.allow_promotion_codes !== true || promotion === undefined) {
    return { session, problem: "This code is invalid." };
  }
  const customer = session.customer ? (sandbox.store.customers.get(session.customer) ?? null) : null;
  try {
    const context = { ...contextOf(sandbox, session, customer), param: "promotion_code" };
    choosePromotionCode(sandbox, promotion, context);
  } catch (error) {
    if (error instanceof StripeError) return { session, problem: error.message };
    throw error;
  }
  const discounts = [{ coupon: null, promotion_code: promotion.id }];
  return { session: checkoutSessions.patch(session.id, { discounts }), problem: null };
}

/** What is to be redeemed now that the session is paid; null when it has expired or run out since it was chosen. */
export function discountsToRedeem(
  sandbox: Sandbox,
  session: CheckoutSession,
  customer: Customer | null,
): ChosenDiscount[] | null {
  try {
    return chooseDiscounts(sandbox, session.discounts, contextOf(sandbox, session, customer));
  } catch (error) {
    if (error instanceof StripeError) return null;
    throw error;
  }
}

/** The figures of what the session will redeem. */
export function sessionRules(sandbox: Sandbox, session: CheckoutSession): DiscountRule[] {
  return session.discounts.flatMap(({ coupon, promotion_code }, index) => {
    const code = promotion_code === null ? undefined : sandbox.store.promotionCodes.get(promotion_code);
    const found = sandbox.store.coupons.get(code?.coupon ?? coupon ?? "");
    return found ? [ruleOf(`session_${index}`, found)] : [];
  });
}
