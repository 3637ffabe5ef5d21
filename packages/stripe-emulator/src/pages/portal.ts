/** The customer portal: the card that is charged, other cards, and the invoices. */
import type { Customer } from "../entities/customer.ts";
import type { Invoice } from "../entities/invoice.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { PortalSession } from "../entities/portal-session.ts";
import { html } from "hono/html";
import { formatAmount } from "../money/amounts.ts";
import { hostedUrl } from "../resources/invoices/invoice.ts";
import { paymentMethodsOf } from "../resources/payment-methods.ts";
import { portalUrl } from "../resources/portal/sessions.ts";
import type { Sandbox } from "../sandbox.ts";
import { addressFields, cardFields } from "./card-form.ts";
import { cardExpiry, cardName } from "./card-name.ts";
import type { Problems, Typed } from "./fields.ts";
import { formatDate, SUBMIT_ONCE, type Html, type Page } from "./layout.ts";

export interface PortalView {
  typed: Typed;
  problems: Problems;
  alert: string | null;
  notice: string | null;
}

const INVOICES_SHOWN = 100;

export function portalPage(
  sandbox: Sandbox,
  session: PortalSession,
  customer: Customer,
  view: PortalView,
): Page {
  const features = sandbox.store.portalConfigurations.get(session.configuration)?.features;
  const body = html`${session.return_url ? html`<a class="back" href="${session.return_url}">← Return to ${sandbox.account.name}</a>` : ""}
    <h1>${sandbox.account.name} billing</h1>
    <p class="quiet">${[customer.name, customer.email].filter(Boolean).join(", ")}</p>
    ${view.alert === null ? "" : html`<p class="alert" role="alert">${view.alert}</p>`}
    ${view.notice === null ? "" : html`<p class="notice" role="status">${view.notice}</p>`}
    ${features?.payment_method_update.enabled === false ? "" : cards(sandbox, session, customer, view)}
    ${features?.invoice_history.enabled === false ? "" : invoices(sandbox, customer)}`;
  return { title: `${sandbox.account.name} billing`, body, isNarrow: true, script: SUBMIT_ONCE };
}

/** The card a renewal would take: a subscription's own before the customer's. */
function currentCard(sandbox: Sandbox, customer: Customer): string | null {
  const own = sandbox.store.subscriptions
    .where("customer", customer.id)
    .find(({ status, default_payment_method }) => status !== "canceled" && default_payment_method !== null);
  return own?.default_payment_method ?? customer.default_payment_method;
}

function cards(sandbox: Sandbox, session: PortalSession, customer: Customer, view: PortalView): Html {
  const methods = paymentMethodsOf(sandbox, customer.id);
  const current = currentCard(sandbox, customer);
  const mustOpen = methods.length === 0 || view.alert !== null || session.flow === "payment_method_update";
  return html`<section class="sheet" aria-labelledby="cards">
    <h2 id="cards">Payment method</h2>
    ${methods.length === 0 ? html`<p>No card is saved yet.</p>` : ""}
    ${methods.map((method) => cardRow(session, sandbox, method, method.id === current))}
    <details ${mustOpen ? "open" : ""}>
      <summary>${methods.length === 0 ? "Add a card" : "Add or replace the card"}</summary>
      <form class="stack" method="post" action="${portalUrl(sandbox, session)}/card" novalidate>
        ${cardFields(view.typed, view.problems)}
        ${addressFields(view.typed, view.problems, { country: customer.address?.country ?? sandbox.account.country, isWhole: false })}
        <button class="pay" data-busy="Saving…">Save card</button>
        <p class="quiet">Later payments are taken from this card.</p>
      </form>
    </details>
  </section>`;
}

function cardRow(session: PortalSession, sandbox: Sandbox, method: PaymentMethod, isCurrent: boolean): Html {
  const name = cardName(method);
  const action = (path: string) => `${portalUrl(sandbox, session)}/${path}`;
  const button = (path: string, label: string) =>
    html`<form method="post" action="${action(path)}">
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

function invoices(sandbox: Sandbox, customer: Customer): Html {
  const shown = sandbox.store.invoices
    .where("customer", customer.id)
    .reverse()
    .filter((invoice) => invoice.number !== null)
    .slice(0, INVOICES_SHOWN);
  const rows = shown.map((invoice) => invoiceRow(sandbox, invoice));
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

function invoiceRow(sandbox: Sandbox, invoice: Invoice): Html {
  const url = hostedUrl(sandbox, invoice);
  return html`<li class="row">
    <span>
      <a href="${url}"><strong>${invoice.number}</strong></a>
      <span class="badge ${invoice.status}">${statusLabel(invoice)}</span><br />
      <span class="quiet">${formatDate(invoice.effective_at ?? invoice.created)}</span>
    </span>
    <span class="actions">
      <span class="amount">${formatAmount(invoice.total, invoice.currency)}</span>
      <a class="button" href="${url}/pdf" aria-label="PDF of invoice ${invoice.number}">PDF</a>
    </span>
  </li>`;
}

export function statusLabel(invoice: Invoice): string {
  return invoice.status.charAt(0).toUpperCase() + invoice.status.slice(1);
}
