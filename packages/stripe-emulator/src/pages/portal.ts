/** The customer portal's front page: subscriptions, the card that is charged, details, and the invoices. */
import type { Invoice } from "../entities/invoice.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import { html } from "hono/html";
import { formatAmount } from "../money/amounts.ts";
import { hostedUrl } from "../resources/invoices/invoice.ts";
import { paymentMethodsOf } from "../resources/payment-methods.ts";
import { addressFields, cardFields } from "./card-form.ts";
import { cardExpiry, cardName } from "./card-name.ts";
import { alertOf } from "./fields.ts";
import { formatDate, SUBMIT_ONCE, type Html, type Page } from "./layout.ts";
import { detailsSection } from "./portal-details.ts";
import type { Portal, PortalView } from "./portal-session.ts";
import { subscriptionsSection } from "./portal-subscriptions.ts";

const INVOICES_SHOWN = 100;

/** A deep link to the card or the details shows these alone. */
export function portalPage(portal: Portal, view: PortalView, only?: "card" | "details"): Page {
  const { features } = portal;
  const hasCards = features.payment_method_update.enabled && only !== "details";
  const hasDetails = features.customer_update.enabled && only !== "card";
  return framed(
    portal,
    html`${alertOf(view.alert, view.problems)}
    ${view.notice === null ? "" : html`<p class="notice" role="status">${view.notice}</p>`}
    ${only === undefined ? subscriptionsSection(portal) : ""}
    ${hasCards ? cards(portal, view, only === "card") : ""} ${hasDetails ? detailsSection(portal, view) : ""}
    ${only === undefined && features.invoice_history.enabled ? invoices(portal) : ""}`,
  );
}

/** The frame of every page of the portal. */
export function framed({ sandbox, session, customer }: Portal, content: Html): Page {
  const { name } = sandbox.account;
  const body = html`${session.return_url ? html`<a class="back" href="${session.return_url}">← Return to ${name}</a>` : ""}
    <h1>${name} billing</h1>
    <p class="quiet">${[customer.name, customer.email].filter(Boolean).join(", ")}</p>
    ${content}`;
  return { title: `${name} billing`, body, isNarrow: true, script: SUBMIT_ONCE };
}

/** The card a renewal would take: a subscription's own before the customer's. */
function currentCard({ sandbox, customer }: Portal): string | null {
  const own = sandbox.store.subscriptions
    .where("customer", customer.id)
    .find(({ status, default_payment_method }) => status !== "canceled" && default_payment_method !== null);
  return own?.default_payment_method ?? customer.default_payment_method;
}

function cards(portal: Portal, view: PortalView, isAlone: boolean): Html {
  const { sandbox, customer } = portal;
  const methods = paymentMethodsOf(sandbox, customer.id);
  const current = currentCard(portal);
  const mustOpen = isAlone || methods.length === 0 || view.form === "card";
  const country = customer.address?.country ?? sandbox.account.country;
  const [typed, problems] = view.form === "card" ? [view.typed, view.problems] : [{}, {}];
  return html`<section class="sheet" aria-labelledby="cards">
    <h2 id="cards">Payment method</h2>
    ${methods.length === 0 ? html`<p>No card is saved yet.</p>` : ""}
    ${methods.map((method) => cardRow(portal, method, method.id === current))}
    <details ${mustOpen ? "open" : ""}>
      <summary>${methods.length === 0 ? "Add a card" : "Add or replace the card"}</summary>
      <form class="stack" method="post" action="${portal.url}/card" novalidate>
        ${cardFields(typed, problems)} ${addressFields(typed, problems, { country, isWhole: false })}
        <button class="pay" data-busy="Saving…">Save card</button>
        <p class="quiet">Later payments are taken from this card.</p>
      </form>
    </details>
  </section>`;
}

function cardRow(portal: Portal, method: PaymentMethod, isCurrent: boolean): Html {
  const name = cardName(method);
  const button = (path: string, label: string) =>
    html`<form method="post" action="${portal.url}/${path}">
      <input type="hidden" name="payment_method" value="${method.id}" />
      <button aria-label="${label}: ${name}">${label}</button>
    </form>`;
  return html`<div class="row">
    <span>
      <strong>${name}</strong> ${isCurrent ? html`<span class="badge paid">In use</span>` : ""}<br />
      <span class="quiet">Expires ${cardExpiry(method)}</span>
    </span>
    ${isCurrent ? "" : html`<span class="actions">${button("default", "Use this card")} ${button("remove", "Remove")}</span>`}
  </div>`;
}

function invoices(portal: Portal): Html {
  const shown = portal.sandbox.store.invoices
    .where("customer", portal.customer.id)
    .reverse()
    .filter((invoice) => invoice.number !== null)
    .slice(0, INVOICES_SHOWN);
  const rows = shown.map((invoice) => invoiceRow(portal, invoice));
  return html`<section class="sheet" aria-labelledby="invoices">
    <h2 id="invoices">Invoices</h2>
    ${
      rows.length === 0
        ? html`<p>There are no invoices yet.</p>`
        : html`<ul class="rows">
            ${rows}
          </ul>`
    }
  </section>`;
}

function invoiceRow({ sandbox }: Portal, invoice: Invoice): Html {
  const url = hostedUrl(sandbox, invoice);
  const pay =
    invoice.status === "open"
      ? html`<a class="button" href="${url}">Pay<span class="unseen"> ${invoice.number}</span></a>`
      : "";
  return html`<li class="row">
    <span>
      <a href="${url}"><strong>${invoice.number}</strong></a>
      <span class="badge ${invoice.status}">${statusLabel(invoice)}</span><br />
      <span class="quiet">${formatDate(invoice.effective_at ?? invoice.created)}</span>
    </span>
    <span class="actions">
      <span class="amount">${formatAmount(invoice.total, invoice.currency)}</span>
      ${pay}
      <a class="button" href="${url}/pdf" aria-label="PDF of invoice ${invoice.number}">PDF</a>
    </span>
  </li>`;
}

export function statusLabel(invoice: Invoice): string {
  return invoice.status.charAt(0).toUpperCase() + invoice.status.slice(1);
}
