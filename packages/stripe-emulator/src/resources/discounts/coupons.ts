/** Coupons: reductions that may be given. What one gave before it was deleted or ran out goes on. */
import type { Coupon } from "../../entities/coupon.ts";
import type { Sandbox } from "../../sandbox.ts";
import { randomText } from "../../store/ids.ts";
import { invalidRequest, noSuchObject, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { previousAttributes } from "../events.ts";
import { changed, productOf } from "../products.ts";

export function showCoupon(sandbox: Sandbox, coupon: Coupon): WireObject {
  const { products: _, is_deleted: __, ...fields } = coupon;
  return complete({ object: "coupon", ...fields, valid: isRedeemable(coupon, sandbox.wallNow()) });
}

/** `coupon.applies_to`, sent on request only. */
export function includeAppliesTo(sandbox: Sandbox, id: string): unknown {
  const products = sandbox.store.coupons.get(id)?.products ?? null;
  return products === null ? null : { products };
}

/** Whether it may be given to one more customer at this second. */
export function isRedeemable(coupon: Coupon, now: number): boolean {
  const isTimely = coupon.redeem_by === null || now < coupon.redeem_by;
  const isLeft = coupon.max_redemptions === null || coupon.times_redeemed < coupon.max_redemptions;
  return isTimely && isLeft && !coupon.is_deleted;
}

export function couponOf(sandbox: Sandbox, id: string, param: string): Coupon {
  const coupon = sandbox.store.coupons.get(id);
  if (coupon === undefined || coupon.is_deleted) throw noSuchReference("coupon", id, param);
  return coupon;
}

function requireCoupon(sandbox: Sandbox, id: string): Coupon {
  const coupon = sandbox.store.coupons.get(id);
  if (coupon === undefined || coupon.is_deleted) throw noSuchObject("coupon", id);
  return coupon;
}

type CreateParams = Given<Stripe.CouponCreateParams>;

function reductionFrom(params: CreateParams) {
  const { percent_off, amount_off, currency } = params;
  if ((percent_off == null) === (amount_off == null)) {
    throw invalidRequest("You must provide either `percent_off` or `amount_off`, and not both.", {
      param: "percent_off",
    });
  }
  if (percent_off != null) {
    if (percent_off <= 0 || percent_off > 100) {
      throw invalidRequest("Invalid percent_off: must be more than 0 and at most 100.", {
        param: "percent_off",
      });
    }
    return { percent_off: Number(percent_off), amount_off: null, currency: null };
  }
  if ((amount_off ?? 0) < 1) {
    throw invalidRequest("Invalid amount_off: must be at least 1.", { param: "amount_off" });
  }
  if (!currency) throw parameterMissing("currency");
  return { percent_off: null, amount_off: amount_off ?? 0, currency: currency.toLowerCase() };
}

function durationFrom(params: CreateParams): Pick<Coupon, "duration" | "duration_in_months"> {
  const duration = params.duration ?? "once";
  const months = params.duration_in_months ?? null;
  if (duration !== "repeating") {
    if (months !== null) {
      throw invalidRequest("You can only set `duration_in_months` when `duration` is `repeating`.", {
        param: "duration_in_months",
      });
    }
    return { duration, duration_in_months: null };
  }
  if (months === null) throw parameterMissing("duration_in_months");
  if (months < 1) {
    throw invalidRequest("Invalid duration_in_months: must be at least 1.", { param: "duration_in_months" });
  }
  return { duration, duration_in_months: months };
}

/** Names are printed on invoices. */
const MAX_NAME_LENGTH = 40;

function checkName(name: string | null | undefined): string | null {
  if (name != null && name.length > MAX_NAME_LENGTH) {
    throw invalidRequest(`Invalid name: must be at most ${MAX_NAME_LENGTH} characters.`, { param: "name" });
  }
  return name ?? null;
}

function createCoupon(sandbox: Sandbox, params: CreateParams): Coupon {
  if (params.currency_options) {
    throw invalidRequest("The emulator's coupons have one currency: leave `currency_options` out.", {
      param: "currency_options",
    });
  }
  const id = params.id ?? randomText(8);
  const taken = sandbox.store.coupons.get(id);
  if (taken !== undefined && !taken.is_deleted) {
    throw invalidRequest("Coupon already exists.", { code: "resource_already_exists", param: "id" });
  }
  const now = sandbox.wallNow();
  if (params.redeem_by != null && params.redeem_by <= now) {
    throw invalidRequest("Invalid redeem_by: must be in the future.", { param: "redeem_by" });
  }
  if (params.max_redemptions != null && params.max_redemptions < 1) {
    throw invalidRequest("Invalid max_redemptions: must be at least 1.", { param: "max_redemptions" });
  }
  const products = params.applies_to?.products ?? null;
  for (const product of products ?? []) productOf(sandbox, product, "applies_to[products]");
  const coupon = sandbox.store.coupons.put({
    id,
    created: now,
    name: checkName(params.name),
    ...reductionFrom(params),
    ...durationFrom(params),
    max_redemptions: params.max_redemptions ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    products,
    metadata: mergeMetadata({}, params.metadata),
    is_deleted: false,
  });
  sandbox.emit("coupon.created", showCoupon(sandbox, coupon));
  return coupon;
}

/** Writes changes and raises `coupon.updated`. */
export function updateCoupon(sandbox: Sandbox, before: Coupon, changes: Partial<Coupon>): Coupon {
  const old = showCoupon(sandbox, before);
  const after = sandbox.store.coupons.patch(before.id, changes);
  const fresh = showCoupon(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("coupon.updated", fresh, previous);
  return after;
}

export const couponRoutes = [
  route<Stripe.CouponCreateParams>("POST /v1/coupons", ({ sandbox, params }) =>
    showCoupon(sandbox, createCoupon(sandbox, params)),
  ),
  route<Stripe.CouponListParams>("GET /v1/coupons", ({ sandbox, params, url }) => {
    const matching = sandbox.store.coupons.newestFirst().filter((coupon) => !coupon.is_deleted);
    return listPage(matching, { params, url, show: (coupon) => showCoupon(sandbox, coupon) });
  }),
  route("GET /v1/coupons/{id}", ({ sandbox, id }) => showCoupon(sandbox, requireCoupon(sandbox, id))),
  route<Stripe.CouponUpdateParams>("POST /v1/coupons/{id}", ({ sandbox, id, params }) => {
    const before = requireCoupon(sandbox, id);
    const after = updateCoupon(sandbox, before, {
      name: changed(params.name === undefined ? undefined : checkName(params.name), before.name),
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    return showCoupon(sandbox, after);
  }),
  route("DELETE /v1/coupons/{id}", ({ sandbox, id }) => {
    const deleted = { ...requireCoupon(sandbox, id), is_deleted: true };
    sandbox.store.coupons.put(deleted);
    sandbox.emit("coupon.deleted", showCoupon(sandbox, deleted));
    return { id, object: "coupon", deleted: true };
  }),
];
