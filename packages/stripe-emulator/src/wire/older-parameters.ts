/**
 * Callers without a `Stripe-Version` header take the account's version, and some of them, Stripe's CLI before all, still
 * send what endive no longer has. Stripe understands them, so they are put into today's words here, before the check of
 * parameters. Callers that name endive get none of this: their old parameters are refused as unknown.
 */
import type { Sandbox } from "../sandbox.ts";
import { invalidParameter } from "./errors.ts";
import type { FormTree, FormValue } from "./form.ts";

export function modernize(sandbox: Sandbox, route: string, form: FormTree): void {
  dropPaymentMethodTypes(form);
  const [, path = ""] = route.split(" ");
  if (path === "/v1/promotion_codes") nestCoupon(form);
  if (
    path.startsWith("/v1/subscriptions") ||
    path === "/v1/invoices" ||
    path === "/v1/invoices/create_preview"
  ) {
    gatherDiscounts(form);
    renamePlans(form["items"]);
  }
  if (route === "POST /v1/subscriptions/{id}") spellAnchor(form);
  if (path.startsWith("/v1/subscription_schedules")) {
    for (const phase of children(form["phases"])) {
      renamePlans(phase["items"]);
      spellDuration(sandbox, phase);
    }
  }
}

/**
 * `source=tok_visa` on a new customer is in every version, and older than payment methods: the card becomes the
 * customer's default. Here it is the template card of the same name.
 */
export function readSource(route: string, form: FormTree): void {
  const { source } = form;
  if (route !== "POST /v1/customers" || source === undefined) return;
  if (typeof source !== "string" || !source.startsWith("tok_") || form["payment_method"] !== undefined) {
    throw invalidParameter(
      "The emulator takes a test token such as tok_visa as source, and no payment_method beside it.",
      {
        param: "source",
      },
    );
  }
  const card = `pm_card_${source.slice("tok_".length)}`;
  const settings = form["invoice_settings"];
  delete form["source"];
  form["payment_method"] = card;
  form["invoice_settings"] = tree({
    ...(typeof settings === "object" && settings),
    default_payment_method: card,
  });
}

/** Cards are all there is; a caller that lists them among others gets cards. */
function dropPaymentMethodTypes(form: FormTree): void {
  const types = form["payment_method_types"];
  if (types === undefined) return;
  const names = typeof types === "string" ? [types] : Object.values(types);
  if (!names.includes("card")) {
    throw invalidParameter("The emulator takes cards only: payment_method_types must hold card.", {
      param: "payment_method_types",
    });
  }
  delete form["payment_method_types"];
}

/** clover moved `coupon` into `promotion`. */
function nestCoupon(form: FormTree): void {
  const { coupon } = form;
  if (typeof coupon !== "string" || form["promotion"] !== undefined) return;
  form["promotion"] = tree({ type: "coupon", coupon });
  delete form["coupon"];
}

/** basil replaced `coupon` and `promotion_code` by `discounts`. */
function gatherDiscounts(form: FormTree): void {
  for (const name of ["coupon", "promotion_code"]) {
    const value = form[name];
    if (typeof value !== "string" || form["discounts"] !== undefined) continue;
    form["discounts"] = value === "" ? "" : tree({ 0: tree({ [name]: value }) });
    delete form[name];
  }
}

/** `items[0][plan]`: a plan is a recurring price under its older name. */
function renamePlans(items: FormValue | undefined): void {
  for (const item of children(items)) {
    if (item["plan"] === undefined || item["price"] !== undefined) continue;
    item["price"] = item["plan"];
    delete item["plan"];
  }
}

/** endive made `now` and `unchanged` a type. */
function spellAnchor(form: FormTree): void {
  const anchor = form["billing_cycle_anchor"];
  if (anchor === "now" || anchor === "unchanged") form["billing_cycle_anchor"] = tree({ type: anchor });
}

/** clover replaced `iterations` by a duration; an iteration is one interval of the phase's first price. */
function spellDuration(sandbox: Sandbox, phase: FormTree): void {
  const { iterations } = phase;
  if (typeof iterations !== "string" || phase["duration"] !== undefined) return;
  const [item] = children(phase["items"]);
  const id = item?.["price"];
  const recurring = typeof id === "string" ? sandbox.store.prices.get(id)?.recurring : undefined;
  if (!recurring || !/^\d{1,4}$/.test(iterations)) return;
  const count = String(Number(iterations) * recurring.interval_count);
  phase["duration"] = tree({ interval: recurring.interval, interval_count: count });
  delete phase["iterations"];
}

function children(value: FormValue | undefined): FormTree[] {
  if (value === undefined || typeof value === "string") return [];
  return Object.values(value).filter((child): child is FormTree => typeof child === "object");
}

function tree(fields: Record<string, FormValue>): FormTree {
  return Object.assign(Object.create(null) as FormTree, fields);
}
