/** The portal's pages of subscriptions: what there is, and the forms that cancel, change, pause and confirm. */
import { html } from "hono/html";
import type { PortalProduct } from "../entities/portal-configuration.ts";
import type { Price } from "../entities/price.ts";
import type { Subscription } from "../entities/subscription.ts";
import { formatAmount, lineAmount } from "../money/amounts.ts";
import { isChangeable } from "../resources/portal/flows.ts";
import { priceOf } from "../resources/prices.ts";
import { itemsOf } from "../resources/subscriptions/subscription.ts";
import type { Sandbox } from "../sandbox.ts";
import { formatDate, type Html } from "./layout.ts";
import type { Portal } from "./portal-session.ts";

const ENDED = ["canceled", "incomplete_expired"];

export function subscriptionsSection(portal: Portal): Html | string {
  const { sandbox, customer } = portal;
  const alive = sandbox.store.subscriptions
    .where("customer", customer.id)
    .filter(({ status }) => !ENDED.includes(status));
  if (alive.length === 0) return "";
  return html`<section class="sheet" aria-labelledby="plans">
    <h2 id="plans">Subscriptions</h2>
    ${alive.map((subscription) => subscriptionRow(portal, subscription))}
  </section>`;
}

function subscriptionRow(portal: Portal, subscription: Subscription): Html {
  const { sandbox, features, url } = portal;
  const name = nameOf(sandbox, subscription);
  const at = `${url}/subscriptions/${subscription.id}`;
  const link = (path: string, label: string) =>
    html`<a class="button" href="${at}/${path}" aria-label="${label}: ${name}">${label}</a>`;
  const isFree = isChangeable(subscription) && subscription.schedule === null;
  const canRenew = isFree && features.subscription_cancel.enabled && subscription.cancel_at !== null;
  return html`<div class="row">
    <span>
      <strong>${name}</strong>
      <span class="badge ${subscription.status}">${subscription.status.replace("_", " ")}</span><br />
      <span class="quiet"
        >${itemTexts(sandbox, subscription).join(", ")}. ${nextStep(sandbox, subscription)}</span
      >
    </span>
    <span class="actions">
      ${isFree && features.subscription_update.enabled ? link("update", "Change plan") : ""}
      ${isFree && features.subscription_pause.enabled ? link("pause", "Pause") : ""}
      ${isFree && features.subscription_cancel.enabled && !canRenew ? link("cancel", "Cancel plan") : ""}
      ${
        canRenew
          ? html`<form method="post" action="${at}/renew">
              <button aria-label="Keep plan: ${name}">Keep plan</button>
            </form>`
          : ""
      }
    </span>
  </div>`;
}

function nameOf(sandbox: Sandbox, subscription: Subscription): string {
  const names = itemsOf(sandbox, subscription.id).map(({ price }) => productName(sandbox, price));
  return names.join(" and ");
}

function productName(sandbox: Sandbox, price: string): string {
  const { product } = priceOf(sandbox, price, "price");
  return sandbox.store.products.get(product)?.name ?? product;
}

function itemTexts(sandbox: Sandbox, subscription: Subscription): string[] {
  return itemsOf(sandbox, subscription.id).map(({ price, quantity }) =>
    priceText(priceOf(sandbox, price, "price"), quantity),
  );
}

function priceText(price: Price, quantity: number): string {
  const { recurring } = price;
  const count = recurring?.interval_count ?? 1;
  const every = count === 1 ? recurring?.interval : `${count} ${recurring?.interval}s`;
  const amount = formatAmount(lineAmount(price, quantity), price.currency);
  return `${quantity === 1 ? "" : `${quantity} for `}${amount} per ${every}`;
}

/** The end of the period that runs longest. */
export function periodEnd(sandbox: Sandbox, subscription: Subscription): number {
  return Math.max(...itemsOf(sandbox, subscription.id).map((item) => item.current_period_end));
}

function nextStep(sandbox: Sandbox, subscription: Subscription): string {
  if (subscription.cancel_at !== null) return `Ends on ${formatDate(subscription.cancel_at)}.`;
  if (subscription.schedule !== null) return "A change is scheduled, so it cannot be changed here.";
  if (subscription.status === "paused") return "Paused.";
  return `Renews on ${formatDate(periodEnd(sandbox, subscription))}.`;
}

const REASONS: Record<string, string> = {
  too_expensive: "It is too expensive",
  missing_features: "I need other features",
  switched_service: "I found another product",
  unused: "I do not use it enough",
  customer_service: "Customer service was not what I expected",
  too_complex: "It is too hard to use",
  low_quality: "The quality was less than expected",
  other: "Another reason",
};

export function cancelPage(portal: Portal, subscription: Subscription): Html {
  const { sandbox, features, url } = portal;
  const { mode, cancellation_reason: reason } = features.subscription_cancel;
  const end = formatDate(periodEnd(sandbox, subscription));
  const text =
    mode === "immediately"
      ? "It ends now, and what is paid is not paid back."
      : `You keep it until ${end}; then it ends and nothing more is charged.`;
  const row = (value: string) =>
    html`<label class="choice"
      ><input type="radio" name="feedback" value="${value}" /><span>${REASONS[value] ?? value}</span></label
    >`;
  return html`<section class="sheet" aria-labelledby="cancel">
    <h2 id="cancel">Cancel ${nameOf(sandbox, subscription)}</h2>
    <p>${text}</p>
    <form class="stack" method="post" action="${url}/subscriptions/${subscription.id}/cancel">
      ${
        reason.enabled
          ? html`<fieldset class="choices">
                <legend>Why do you cancel? <span class="quiet">optional</span></legend>
                ${reason.options.map(row)}
              </fieldset>
              <div class="field">
                <label for="comment">Anything else? <span class="quiet">optional</span></label>
                <textarea id="comment" name="comment" rows="3" maxlength="500"></textarea>
              </div>`
          : ""
      }
      <p class="actions">
        <button class="danger" data-busy="Canceling…">Cancel plan</button>
        <a class="button" href="${url}?home=1">Keep plan</a>
      </p>
    </form>
  </section>`;
}

export function pausePage(portal: Portal, subscription: Subscription): Html {
  const { sandbox, url } = portal;
  return html`<section class="sheet" aria-labelledby="pause">
    <h2 id="pause">Pause ${nameOf(sandbox, subscription)}</h2>
    <p>While it is paused nothing is charged. You can take it up again at any time.</p>
    <form method="post" action="${url}/subscriptions/${subscription.id}/pause">
      <p class="actions">
        <button data-busy="Pausing…">Pause plan</button>
        <a class="button" href="${url}?home=1">Not now</a>
      </p>
    </form>
  </section>`;
}

/** The plans on offer: one choice, and a quantity where it may be adjusted. */
export function updatePage(portal: Portal, subscription: Subscription): Html {
  const { sandbox, features, url } = portal;
  const [item] = itemsOf(sandbox, subscription.id);
  const { default_allowed_updates: allowed, products } = features.subscription_update;
  const offers = allowed.includes("price")
    ? (products ?? []).flatMap((product) => offersOf(sandbox, product))
    : [];
  const row = ({ price, product }: { price: Price; product: string }) =>
    html`<label class="choice">
      <input type="radio" name="price" value="${price.id}" ${price.id === item?.price ? "checked" : ""} />
      <span><strong>${product}</strong> <span class="quiet">${priceText(price, 1)}</span></span>
    </label>`;
  return html`<section class="sheet" aria-labelledby="update">
    <h2 id="update">Change ${nameOf(sandbox, subscription)}</h2>
    <form class="stack" action="${url}/subscriptions/${subscription.id}/confirm">
      ${
        offers.length === 0
          ? ""
          : html`<fieldset class="choices">
              <legend>Plan</legend>
              ${offers.map(row)}
            </fieldset>`
      }
      ${
        allowed.includes("quantity")
          ? html`<div class="field">
              <label for="quantity">Quantity</label>
              <input
                class="quantity"
                id="quantity"
                name="quantity"
                type="number"
                min="1"
                value="${item?.quantity ?? 1}"
              />
            </div>`
          : ""
      }
      <p class="actions">
        <button>Continue</button>
        <a class="button" href="${url}?home=1">Back</a>
      </p>
    </form>
  </section>`;
}

function offersOf(sandbox: Sandbox, { prices }: PortalProduct): { price: Price; product: string }[] {
  return prices.map((id) => ({
    price: priceOf(sandbox, id, "price"),
    product: productName(sandbox, id),
  }));
}

export interface Proposal {
  price: Price;
  quantity: number;
  /** What is taken now, as the server computed it, and the instant it was computed for. */
  due: { today: number; prorationDate: number } | null;
}

export function confirmPage(portal: Portal, subscription: Subscription, proposal: Proposal): Html {
  const { sandbox, url } = portal;
  const { price, quantity, due } = proposal;
  const before = itemTexts(sandbox, subscription).join(", ");
  const today = due === null ? "" : formatAmount(due.today, price.currency);
  return html`<section class="sheet" aria-labelledby="confirm">
    <h2 id="confirm">Confirm the change</h2>
    <dl class="facts">
      <dt>Now</dt>
      <dd>${nameOf(sandbox, subscription)}, ${before}</dd>
      <dt>Then</dt>
      <dd>${productName(sandbox, price.id)}, ${priceText(price, quantity)}</dd>
      ${
        due === null
          ? ""
          : html`<dt>Due today</dt>
              <dd><strong>${today}</strong></dd>`
      }
    </dl>
    ${
      due === null
        ? ""
        : html`<form method="post" action="${url}/subscriptions/${subscription.id}/confirm">
            <input type="hidden" name="price" value="${price.id}" />
            <input type="hidden" name="quantity" value="${quantity}" />
            <input type="hidden" name="proration_date" value="${due.prorationDate}" />
            <button class="pay" data-busy="Paying…">
              ${due.today > 0 ? `Confirm and pay ${today}` : "Confirm"}
            </button>
          </form>`
    }
    <p><a href="${portal.session.return_url ?? `${url}?home=1`}">Back without a change</a></p>
  </section>`;
}
