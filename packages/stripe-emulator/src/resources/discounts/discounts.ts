/**
 * Discounts: coupons that were given. A coupon's `duration` says how long one works:
 *
 *   once       on one invoice, then it is gone
 *   repeating  on invoices made before `end`, some months after it was given
 *   forever    on all invoices
 *
 * Giving takes two steps, so that a preview can stop after the first: `chooseDiscounts` checks what a request names,
 * `giveDiscounts` redeems it and stores the discounts.
 */
import type { Coupon } from "../../entities/coupon.ts";
import type { Customer } from "../../entities/customer.ts";
import type { Discount } from "../../entities/discount.ts";
import type { PromotionCode } from "../../entities/promotion-code.ts";
import { formatAmount } from "../../money/amounts.ts";
import type { DiscountRule } from "../../money/discounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { fromAnchor } from "../../time/calendar.ts";
import { invalidRequest, noSuchReference } from "../../wire/errors.ts";
import type { WireObject } from "../../wire/shape.ts";
import { couponOf, isRedeemable, updateCoupon } from "./coupons.ts";
import { isUsable, updatePromotionCode } from "./promotion-codes.ts";

export function showDiscount(_sandbox: Sandbox, discount: Discount): WireObject {
  const { coupon, ...fields } = discount;
  return { object: "discount", ...fields, customer_account: null, source: { type: "coupon", coupon } };
}

/** One element of a `discounts` parameter. */
export interface DiscountParam {
  coupon?: string | null | undefined;
  promotion_code?: string | null | undefined;
  discount?: string | null | undefined;
}

/** What a request chose: a coupon to give, by a code or not, or a discount that exists. */
export interface ChosenDiscount {
  coupon: Coupon;
  promotionCode: PromotionCode | null;
  existing: Discount | null;
}

/** Who would get it, on what: the facts that restrictions are checked against. */
export interface DiscountContext {
  customer: Customer | null;
  currency: string;
  /** Before tax and discounts, for codes with a minimum amount. */
  subtotal: number;
  /** Name of the parameter, for refusals. */
  param?: string;
}

/** Stripe's most for subscriptions and invoices. */
const MAX_DISCOUNTS = 20;

export function chooseDiscounts(
  sandbox: Sandbox,
  given: readonly DiscountParam[] | null | undefined,
  context: DiscountContext,
): ChosenDiscount[] {
  const param = context.param ?? "discounts";
  if ((given?.length ?? 0) > MAX_DISCOUNTS) {
    throw invalidRequest(`You may give up to ${MAX_DISCOUNTS} discounts.`, { param });
  }
  return (given ?? []).map((one, index) => choose(sandbox, one, { ...context, param: `${param}[${index}]` }));
}

function choose(
  sandbox: Sandbox,
  given: DiscountParam,
  context: DiscountContext & { param: string },
): ChosenDiscount {
  const { param } = context;
  const named = [given.coupon, given.promotion_code, given.discount].filter(Boolean);
  if (named.length !== 1) {
    const message = "Each discount names exactly one of `coupon`, `promotion_code` and `discount`.";
    throw invalidRequest(message, { param });
  }
  if (given.discount) {
    const existing = sandbox.store.discounts.get(given.discount);
    const coupon = existing && sandbox.store.coupons.get(existing.coupon);
    if (!coupon || !existing) throw noSuchReference("discount", given.discount, `${param}[discount]`);
    return { coupon, promotionCode: null, existing };
  }
  if (given.promotion_code) {
    const promotionCode = sandbox.store.promotionCodes.get(given.promotion_code);
    const name = `${param}[promotion_code]`;
    if (promotionCode === undefined) throw noSuchReference("promotion code", given.promotion_code, name);
    return choosePromotionCode(sandbox, promotionCode, { ...context, param: name });
  }
  const coupon = couponOf(sandbox, given.coupon ?? "", `${param}[coupon]`);
  checkCoupon(sandbox, coupon, { ...context, param: `${param}[coupon]` });
  return { coupon, promotionCode: null, existing: null };
}

/** The code's own restrictions, then its coupon's. Also for a code that a buyer typed. */
export function choosePromotionCode(
  sandbox: Sandbox,
  promotionCode: PromotionCode,
  context: DiscountContext & { param: string },
): ChosenDiscount {
  const { customer, currency, subtotal, param } = context;
  const refuse = (message: string) => invalidRequest(message, { param });
  const coupon = couponOf(sandbox, promotionCode.coupon, param);
  checkCoupon(sandbox, coupon, context);
  if (!isUsable(sandbox, promotionCode, sandbox.now(customer?.id))) {
    throw refuse("This promotion code is not active: it was switched off, has expired or has run out.");
  }
  if (promotionCode.customer !== null && promotionCode.customer !== customer?.id) {
    throw refuse("This promotion code belongs to another customer.");
  }
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = promotionCode.restrictions;
  if (first_time_transaction && customer !== null && hasPaidBefore(sandbox, customer.id)) {
    throw refuse(
      "This promotion code cannot be redeemed because the associated customer has prior transactions.",
    );
  }
  if (minimum_amount !== null && (minimum_amount_currency !== currency || subtotal < minimum_amount)) {
    const least = formatAmount(minimum_amount, minimum_amount_currency ?? currency);
    throw refuse(`This promotion code needs a purchase of at least ${least}.`);
  }
  return { coupon, promotionCode, existing: null };
}

function checkCoupon(sandbox: Sandbox, coupon: Coupon, context: DiscountContext & { param: string }): void {
  const { customer, currency, param } = context;
  if (!isRedeemable(coupon, sandbox.now(customer?.id))) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: "coupon_expired", param });
  }
  if (coupon.currency !== null && coupon.currency !== currency) {
    throw invalidRequest(
      `The coupon \`${coupon.id}\` takes an amount off in ${coupon.currency}, and this is in ${currency}.`,
      { param },
    );
  }
}

/** "Without any successful payments or invoices", as Stripe says of a first transaction. */
function hasPaidBefore(sandbox: Sandbox, customer: string): boolean {
  const charges = sandbox.store.charges.where("customer", customer);
  const invoices = sandbox.store.invoices.where("customer", customer);
  return (
    charges.some((charge) => charge.failure === null) || invoices.some(({ status }) => status === "paid")
  );
}

/** What a discount is given to. */
export type DiscountTarget = Partial<
  Pick<
    Discount,
    "customer" | "subscription" | "subscription_item" | "invoice" | "invoice_item" | "checkout_session"
  >
>;

/** Redeems what was chosen and stores one discount for each, in the same order. Returns them. */
export function giveDiscounts(
  sandbox: Sandbox,
  chosen: readonly ChosenDiscount[],
  to: DiscountTarget,
): Discount[] {
  return chosen.map(({ coupon, promotionCode, existing }) => {
    if (existing !== null) return existing;
    const start = sandbox.now(to.customer);
    const months = { interval: "month", interval_count: 1 } as const;
    const isRepeating = coupon.duration === "repeating";
    countRedemption(sandbox, coupon, promotionCode);
    const discount = sandbox.store.discounts.put({
      id: newId("di"),
      coupon: coupon.id,
      promotion_code: promotionCode?.id ?? null,
      customer: to.customer ?? null,
      subscription: to.subscription ?? null,
      subscription_item: to.subscription_item ?? null,
      invoice: to.invoice ?? null,
      invoice_item: to.invoice_item ?? null,
      checkout_session: to.checkout_session ?? null,
      start,
      end: isRepeating ? fromAnchor(start, months, coupon.duration_in_months ?? 1) : null,
    });
    if (discount.subscription !== null)
      sandbox.emit("customer.discount.created", showDiscount(sandbox, discount));
    return discount;
  });
}

function countRedemption(sandbox: Sandbox, coupon: Coupon, promotionCode: PromotionCode | null): void {
  const current = sandbox.store.coupons.get(coupon.id) ?? coupon;
  updateCoupon(sandbox, current, { times_redeemed: current.times_redeemed + 1 });
  if (promotionCode === null) return;
  const code = sandbox.store.promotionCodes.get(promotionCode.id) ?? promotionCode;
  updatePromotionCode(sandbox, code, { times_redeemed: code.times_redeemed + 1 });
}

/** The figures of discounts that were given and still work at `at`, in their order. */
export function rulesInForce(sandbox: Sandbox, ids: readonly string[], at: number): DiscountRule[] {
  return ids.flatMap((id) => {
    const discount = sandbox.store.discounts.get(id);
    const coupon = discount && sandbox.store.coupons.get(discount.coupon);
    if (!coupon || !discount || (discount.end !== null && discount.end <= at)) return [];
    return [ruleOf(discount.id, coupon)];
  });
}

/** The figures of a coupon, under the id that its amounts will bear. */
export function ruleOf(id: string, coupon: Coupon): DiscountRule {
  const { percent_off: percentOff, amount_off: amountOff, products } = coupon;
  return { id, percentOff, amountOff, products };
}

/** What is left of a subscription's discounts once an invoice was made: those used once and those at an end are gone. */
export function discountsAfterInvoice(sandbox: Sandbox, ids: readonly string[], at: number): string[] {
  return ids.filter((id) => {
    const discount = sandbox.store.discounts.get(id);
    if (discount === undefined) return false;
    const isOnce = sandbox.store.coupons.get(discount.coupon)?.duration === "once";
    const isOver = isOnce || (discount.end !== null && discount.end <= at);
    if (isOver) sandbox.emit("customer.discount.deleted", showDiscount(sandbox, discount));
    return !isOver;
  });
}
