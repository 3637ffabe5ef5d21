/** Promotion codes: what customers type to get a coupon, and who may use it, how often and until when. */
import type { PromotionCode } from "../../entities/promotion-code.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, noSuchObject, parameterMissing } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { previousAttributes } from "../events.ts";
import { couponOf, isRedeemable } from "./coupons.ts";

export function showPromotionCode(sandbox: Sandbox, promotion: PromotionCode): WireObject {
  const { coupon, ...fields } = promotion;
  return complete({
    object: "promotion_code",
    ...fields,
    active: isUsable(sandbox, promotion, sandbox.wallNow()),
    promotion: { type: "coupon", coupon },
  });
}

/** Active by its own settings, and by its coupon's. */
export function isUsable(sandbox: Sandbox, promotion: PromotionCode, now: number): boolean {
  const coupon = sandbox.store.coupons.get(promotion.coupon);
  const isTimely = promotion.expires_at === null || now < promotion.expires_at;
  const isLeft = promotion.max_redemptions === null || promotion.times_redeemed < promotion.max_redemptions;
  return promotion.active && isTimely && isLeft && coupon !== undefined && isRedeemable(coupon, now);
}

/** Codes are the same in upper and lower case. One that is the customer's own comes before everybody's. */
export function findPromotionCode(
  sandbox: Sandbox,
  typed: string,
  customer: string | null,
): PromotionCode | undefined {
  const found = [...sandbox.store.promotionCodes.values()].filter(
    (promotion) => promotion.active && isSameCode(promotion.code, typed.trim()),
  );
  return (
    found.find((promotion) => customer !== null && promotion.customer === customer) ??
    found.find((promotion) => promotion.customer === null)
  );
}

function isSameCode(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function requirePromotionCode(sandbox: Sandbox, id: string): PromotionCode {
  const promotion = sandbox.store.promotionCodes.get(id);
  if (promotion === undefined) throw noSuchObject("promotion code", id);
  return promotion;
}

type CreateParams = Given<Stripe.PromotionCodeCreateParams>;

function codeFrom(sandbox: Sandbox, params: CreateParams): string {
  const code = params.code ?? randomText(8).toUpperCase();
  if (!/^[A-Za-z0-9-]{1,500}$/.test(code)) {
    throw invalidRequest("Promotion codes may contain letters, digits and dashes only.", { param: "code" });
  }
  const customer = params.customer ?? null;
  const twin = [...sandbox.store.promotionCodes.values()].find(
    (other) => other.active && other.customer === customer && isSameCode(other.code, code),
  );
  if (twin !== undefined) {
    const message = `An active promotion code with \`code: ${code}\` already exists.`;
    throw invalidRequest(message, { code: "resource_already_exists", param: "code" });
  }
  return code;
}

function restrictionsFrom(given: CreateParams["restrictions"]): PromotionCode["restrictions"] {
  if (given?.currency_options) {
    throw invalidRequest("The emulator's promotion codes have one minimum amount in one currency.", {
      param: "restrictions[currency_options]",
    });
  }
  const amount = given?.minimum_amount ?? null;
  const currency = given?.minimum_amount_currency?.toLowerCase() ?? null;
  if (amount !== null && currency === null) throw parameterMissing("restrictions[minimum_amount_currency]");
  if (currency !== null && amount === null) throw parameterMissing("restrictions[minimum_amount]");
  if (amount !== null && amount < 1) {
    throw invalidRequest("Invalid minimum_amount: must be at least 1.", {
      param: "restrictions[minimum_amount]",
    });
  }
  return {
    first_time_transaction: given?.first_time_transaction ?? false,
    minimum_amount: amount,
    minimum_amount_currency: currency,
  };
}

function createPromotionCode(sandbox: Sandbox, params: CreateParams): PromotionCode {
  if (!params.promotion.coupon) throw parameterMissing("promotion[coupon]");
  const coupon = couponOf(sandbox, params.promotion.coupon, "promotion[coupon]");
  const now = sandbox.wallNow();
  if (params.expires_at != null && params.expires_at <= now) {
    throw invalidRequest("Invalid expires_at: must be in the future.", { param: "expires_at" });
  }
  if (params.expires_at != null && coupon.redeem_by !== null && params.expires_at > coupon.redeem_by) {
    throw invalidRequest("The code cannot expire after its coupon's `redeem_by`.", { param: "expires_at" });
  }
  const most = params.max_redemptions ?? null;
  if (most !== null && (most < 1 || most > (coupon.max_redemptions ?? Infinity))) {
    throw invalidRequest("Invalid max_redemptions: must be at least 1, and at most that of the coupon.", {
      param: "max_redemptions",
    });
  }
  const promotion = sandbox.store.promotionCodes.put({
    id: newId("promo"),
    created: now,
    code: codeFrom(sandbox, params),
    coupon: coupon.id,
    active: params.active ?? true,
    customer: params.customer ? customerOf(sandbox, params.customer).id : null,
    expires_at: params.expires_at ?? coupon.redeem_by,
    max_redemptions: most,
    times_redeemed: 0,
    restrictions: restrictionsFrom(params.restrictions),
    metadata: mergeMetadata({}, params.metadata),
  });
  sandbox.emit("promotion_code.created", showPromotionCode(sandbox, promotion));
  return promotion;
}

/** Writes changes and raises `promotion_code.updated`. */
export function updatePromotionCode(
  sandbox: Sandbox,
  before: PromotionCode,
  changes: Partial<PromotionCode>,
): PromotionCode {
  const old = showPromotionCode(sandbox, before);
  const after = sandbox.store.promotionCodes.patch(before.id, changes);
  const fresh = showPromotionCode(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("promotion_code.updated", fresh, previous);
  return after;
}

function updateFrom(
  sandbox: Sandbox,
  before: PromotionCode,
  params: Given<Stripe.PromotionCodeUpdateParams>,
): PromotionCode {
  if (params.restrictions) restrictionsFrom(params.restrictions);
  const active = params.active ?? before.active;
  if (active && !before.active && !isUsable(sandbox, { ...before, active }, sandbox.wallNow())) {
    throw invalidRequest(
      "This promotion code cannot be activated: it or its coupon has expired or run out.",
      {
        param: "active",
      },
    );
  }
  return updatePromotionCode(sandbox, before, {
    active,
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
}

export const promotionCodeRoutes = [
  route<Stripe.PromotionCodeCreateParams>("POST /v1/promotion_codes", ({ sandbox, params }) =>
    showPromotionCode(sandbox, createPromotionCode(sandbox, params)),
  ),
  route<Stripe.PromotionCodeListParams>("GET /v1/promotion_codes", ({ sandbox, params, url }) => {
    const now = sandbox.wallNow();
    const matching = sandbox.store.promotionCodes
      .newestFirst()
      .filter((promotion) => params.active == null || isUsable(sandbox, promotion, now) === params.active)
      .filter((promotion) => params.code == null || isSameCode(promotion.code, params.code))
      .filter((promotion) => params.coupon == null || promotion.coupon === params.coupon)
      .filter((promotion) => params.customer == null || promotion.customer === params.customer);
    return listPage(matching, { params, url, show: (promotion) => showPromotionCode(sandbox, promotion) });
  }),
  route("GET /v1/promotion_codes/{id}", ({ sandbox, id }) =>
    showPromotionCode(sandbox, requirePromotionCode(sandbox, id)),
  ),
  route<Stripe.PromotionCodeUpdateParams>("POST /v1/promotion_codes/{id}", ({ sandbox, id, params }) =>
    showPromotionCode(sandbox, updateFrom(sandbox, requirePromotionCode(sandbox, id), params)),
  ),
];
