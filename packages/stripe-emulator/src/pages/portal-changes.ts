/**
 * Canceling, keeping, pausing and changing a subscription in the portal. What costs money goes through the API, and is
 * offered only with the sum that the API's preview gave; a refusal is shown in its words and changes nothing.
 */
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { PortalFlow } from "../entities/portal-session.ts";
import type { Price } from "../entities/price.ts";
import type { Subscription } from "../entities/subscription.ts";
import type { Env } from "../env.ts";
import { isChangeable } from "../resources/portal/flows.ts";
import { cancelByRequest } from "../resources/subscriptions/cancel.ts";
import { chargeWhatWasCut } from "../resources/subscriptions/cut-period.ts";
import { itemsOf, updateSubscription } from "../resources/subscriptions/subscription.ts";
import type { ApiCall } from "./call-api.ts";
import { alertOf } from "./fields.ts";
import { showPage, type Html } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";
import { framed, portalPage } from "./portal.ts";
import { finish, openPortal, QUIET, showExpired, type Portal } from "./portal-session.ts";
import { cancelPage, confirmPage, pausePage, periodEnd, updatePage } from "./portal-subscriptions.ts";

export function showFlow(c: Context<Env>, portal: Portal, flow: PortalFlow, api: ApiCall) {
  if (flow.type === "payment_method_update") return showPage(c, portalPage(portal, QUIET, "card"));
  if (flow.type === "customer_update") return showPage(c, portalPage(portal, QUIET, "details"));
  const subscription = changeable(portal, flow.subscription ?? "");
  if (subscription === undefined) return showGone(c, portal);
  switch (flow.type) {
    case "subscription_cancel":
      return subscription.cancel_at === null
        ? showPage(c, framed(portal, cancelPage(portal, subscription)))
        : showGone(c, portal);
    case "subscription_pause":
      return showPage(c, framed(portal, pausePage(portal, subscription)));
    case "subscription_update":
      return showPage(c, framed(portal, updatePage(portal, subscription)));
    case "subscription_update_confirm":
      return showProposal(c, portal, subscription, wantedBy(flow), api);
  }
}

/** Of this customer, alive and free of a schedule: looked at again each time, since it may have changed meanwhile. */
function changeable({ sandbox, customer }: Portal, id: string): Subscription | undefined {
  const subscription = sandbox.store.subscriptions.get(id);
  const isFree = subscription?.customer === customer.id && subscription.schedule === null;
  return isFree && isChangeable(subscription) ? subscription : undefined;
}

function showGone(c: Context<Env>, portal: Portal) {
  return showRefusal(c, portal, "This subscription cannot be changed here any more.");
}

function showRefusal(c: Context<Env>, portal: Portal, message: string, below: Html | string = "") {
  const body = html`${alertOf(message)}
  ${below || html`<p><a class="button" href="${portal.url}?home=1">Back to billing</a></p>`}`;
  return showPage(c, { ...framed(portal, body), status: 400 });
}

interface Wanted {
  price: string | null;
  quantity: number | null;
  discounts: PortalFlow["discounts"];
}

function wantedBy({ items: [item], discounts }: PortalFlow): Wanted {
  return { price: item?.price ?? null, quantity: item?.quantity ?? null, discounts };
}

export function mountPortalChanges(
  app: Hono<Env>,
  { sandbox, afterAnswer }: PageOptions,
  api: ApiCall,
): void {
  type Work = (c: Context<Env>, portal: Portal, subscription: Subscription) => Response | Promise<Response>;
  const guarded =
    (feature: "subscription_cancel" | "subscription_pause" | "subscription_update", work: Work) =>
    (c: Context<Env>) => {
      const portal = openPortal(sandbox, c.req.param("token") ?? "");
      if (portal === undefined) return showExpired(c);
      const subscription = changeable(portal, c.req.param("sub") ?? "");
      if (subscription === undefined || !portal.features[feature].enabled) return showGone(c, portal);
      c.env.outgoing?.once("close", afterAnswer);
      return work(c, portal, subscription);
    };
  const at = "/p/session/:token/subscriptions/:sub";

  app.get(
    `${at}/cancel`,
    guarded("subscription_cancel", (c, portal, subscription) =>
      showPage(c, framed(portal, cancelPage(portal, subscription))),
    ),
  );
  app.post(`${at}/cancel`, guarded("subscription_cancel", cancel));
  app.post(`${at}/renew`, guarded("subscription_cancel", keep));
  app.get(
    `${at}/pause`,
    guarded("subscription_pause", (c, portal, subscription) =>
      showPage(c, framed(portal, pausePage(portal, subscription))),
    ),
  );
  app.post(
    `${at}/pause`,
    guarded("subscription_pause", async (c, portal, subscription) => {
      const answer = await api(c, "POST", `/v1/subscriptions/${subscription.id}/pause`, {});
      if (!answer.ok) return showRefusal(c, portal, answer.message);
      return finish(c, portal, "Your plan is paused.", "subscription_pause");
    }),
  );
  app.get(
    `${at}/update`,
    guarded("subscription_update", (c, portal, subscription) =>
      showPage(c, framed(portal, updatePage(portal, subscription))),
    ),
  );
  app.get(
    `${at}/confirm`,
    guarded("subscription_update", (c, portal, subscription) =>
      showProposal(c, portal, subscription, { ...readWanted(c.req.query()), discounts: [] }, api),
    ),
  );
  app.post(
    `${at}/confirm`,
    guarded("subscription_update", async (c, portal, subscription) => confirm(c, portal, subscription, api)),
  );
}

function keep(c: Context<Env>, portal: Portal, subscription: Subscription) {
  const { sandbox } = portal;
  const ends = { cancel_at: null, cancel_at_period_end: false, cancel_prorates: false, canceled_at: null };
  const cancellation_details = { comment: null, feedback: null, reason: null };
  sandbox.transaction(() => {
    chargeWhatWasCut(sandbox, subscription, null);
    updateSubscription(sandbox, subscription, { ...ends, cancellation_details });
  });
  return finish(c, portal, "Your plan goes on.");
}

async function cancel(c: Context<Env>, portal: Portal, subscription: Subscription) {
  const { sandbox, features } = portal;
  const { feedback, comment } = await readForm(c);
  const details = { feedback: feedback || null, comment: comment?.trim() || null };
  if (features.subscription_cancel.mode === "immediately") {
    const isProrated = features.subscription_cancel.proration_behavior === "create_prorations";
    sandbox.transaction(() =>
      cancelByRequest(sandbox, subscription, { details, isProrated, isInvoiced: false }),
    );
    return finish(c, portal, "Your plan is canceled.", "subscription_cancel");
  }
  sandbox.transaction(() =>
    // As the portal does it in flexible billing mode: a time, and not the flag.
    updateSubscription(sandbox, subscription, {
      cancel_at: periodEnd(sandbox, subscription),
      cancel_prorates: false,
      canceled_at: sandbox.now(subscription.customer),
      cancellation_details: { ...details, reason: "cancellation_requested" },
    }),
  );
  return finish(c, portal, "Your plan is canceled at the end of its period.", "subscription_cancel");
}

function readWanted({ price, quantity }: Record<string, string>): Omit<Wanted, "discounts"> {
  const count = Number(quantity);
  return { price: price || null, quantity: quantity && Number.isInteger(count) && count > 0 ? count : null };
}

/** What the configuration lets be chosen: another price of its products, or the one there is. */
function offered({ sandbox, features }: Portal, current: string, wanted: string | null): Price | undefined {
  const prices = features.subscription_update.products?.flatMap((product) => product.prices) ?? [];
  if (wanted !== null && wanted !== current && !prices.includes(wanted)) return undefined;
  return sandbox.store.prices.get(wanted ?? current);
}

async function showProposal(
  c: Context<Env>,
  portal: Portal,
  subscription: Subscription,
  wanted: Wanted,
  api: ApiCall,
) {
  const { sandbox } = portal;
  const [item] = itemsOf(sandbox, subscription.id);
  const price = item && offered(portal, item.price, wanted.price);
  if (item === undefined || price === undefined) return showGone(c, portal);
  const quantity = wanted.quantity ?? item.quantity;
  if (price.id === item.price && quantity === item.quantity && wanted.discounts.length === 0) {
    return showRefusal(c, portal, "Nothing would change.");
  }
  const prorationDate = sandbox.now(subscription.customer);
  const settings = changeOf(portal, { item: item.id, price: price.id, quantity, prorationDate });
  const nested = Object.entries(settings).map(([name, value]) => {
    const [head = "", ...rest] = name.split("[");
    return [`subscription_details[${head}]${rest.map((part) => `[${part}`).join("")}`, value];
  });
  const params = { ...Object.fromEntries(nested), subscription: subscription.id } as Record<string, string>;
  const preview = await api(c, "POST", "/v1/invoices/create_preview", params);
  if (!preview.ok) {
    const proposal = { price, quantity, due: null };
    return showRefusal(c, portal, preview.message, confirmPage(portal, subscription, proposal));
  }
  const isNow =
    settings["proration_behavior"] === "always_invoice" || "billing_cycle_anchor[type]" in settings;
  const today = isNow ? Number(preview.body["amount_due"]) : 0;
  const proposal = { price, quantity, due: { today, prorationDate } };
  return showPage(c, framed(portal, confirmPage(portal, subscription, proposal)));
}

/** Anchor and proration are the configuration's alone. */
function changeOf(
  { features }: Portal,
  change: { item: string; price: string; quantity: number; prorationDate: number },
): Record<string, string> {
  const { proration_behavior, billing_cycle_anchor } = features.subscription_update;
  return {
    "items[0][id]": change.item,
    "items[0][price]": change.price,
    "items[0][quantity]": String(change.quantity),
    proration_behavior,
    ...(proration_behavior !== "none" && { proration_date: String(change.prorationDate) }),
    ...(billing_cycle_anchor === "now" && { "billing_cycle_anchor[type]": "now" }),
  };
}

async function confirm(c: Context<Env>, portal: Portal, subscription: Subscription, api: ApiCall) {
  const { sandbox, session } = portal;
  const typed = await readForm(c);
  const wanted = readWanted(typed);
  const [item] = itemsOf(sandbox, subscription.id);
  const price = item && offered(portal, item.price, wanted.price);
  if (item === undefined || price === undefined) return showGone(c, portal);
  const quantity = wanted.quantity ?? item.quantity;
  const prorationDate = Number(typed["proration_date"]);
  const { portalDecline, portalPendingCancellation } = sandbox.account.assumptions;
  const discounts = session.flow?.type === "subscription_update_confirm" ? session.flow.discounts : [];
  const answer = await api(c, "POST", `/v1/subscriptions/${subscription.id}`, {
    ...changeOf(portal, { item: item.id, price: price.id, quantity, prorationDate }),
    ...discountParams(discounts),
    payment_behavior: portalDecline === "changes_nothing" ? "error_if_incomplete" : "allow_incomplete",
    ...(portalPendingCancellation === "cleared" && subscription.cancel_at !== null && { cancel_at: "" }),
  });
  if (!answer.ok) return showRefusal(c, portal, `${answer.message} Nothing was changed.`);
  const flow = session.flow?.type ?? "";
  return finish(
    c,
    portal,
    "Your plan is changed.",
    flow.startsWith("subscription_update") ? flow : undefined,
  );
}

function discountParams(discounts: PortalFlow["discounts"]): Record<string, string> {
  const entries = discounts.map(({ coupon, promotion_code }, index) =>
    coupon !== null
      ? [`discounts[${index}][coupon]`, coupon]
      : [`discounts[${index}][promotion_code]`, promotion_code ?? ""],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
