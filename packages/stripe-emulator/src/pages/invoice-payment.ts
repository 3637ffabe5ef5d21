/** Paying an open invoice on its page: with a saved card or another one, on session, so the bank may ask. */
import type { Context } from "hono";
import { html } from "hono/html";
import type { Invoice } from "../entities/invoice.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { Env } from "../env.ts";
import { formatAmount } from "../money/amounts.ts";
import { collectInvoice, defaultMethodOf, defaultPaymentOf } from "../resources/invoices/collect.ts";
import { hostedUrl } from "../resources/invoices/invoice.ts";
import { paymentMethodsOf } from "../resources/payment-methods.ts";
import type { Sandbox } from "../sandbox.ts";
import { addressFields, cardFields, isPaymentMethod, readCard } from "./card-form.ts";
import { cardExpiry, cardName } from "./card-name.ts";
import { alertOf, type Problems, type Typed } from "./fields.ts";
import { dueOn } from "./invoice-document.ts";
import type { Html } from "./layout.ts";

export interface PaymentView {
  typed: Typed;
  problems: Problems;
  alert: string | null;
}

function isPayable(sandbox: Sandbox, invoice: Invoice): boolean {
  const isUnpaid = invoice.status === "open" || invoice.status === "uncollectible";
  return isUnpaid && dueOn(invoice) > 0 && defaultPaymentOf(sandbox, invoice.id) !== undefined;
}

export function paymentForm(sandbox: Sandbox, invoice: Invoice, view: PaymentView): Html | string {
  if (!isPayable(sandbox, invoice)) return "";
  const saved = paymentMethodsOf(sandbox, invoice.customer);
  const preferred = defaultMethodOf(sandbox, invoice)?.id ?? saved[0]?.id ?? "new";
  const chosen = view.typed["payment_method"] ?? preferred;
  const row = (value: string, name: string, detail: string) =>
    html`<label class="choice">
      <input type="radio" name="payment_method" value="${value}" ${value === chosen ? "checked" : ""} />
      <span>${name} <span class="quiet">${detail}</span></span>
    </label>`;
  const country = invoice.customer_address?.country ?? sandbox.account.country;
  return html`<section class="sheet" aria-labelledby="payment">
    ${alertOf(view.alert, view.problems)}
    <h2 id="payment">Pay this invoice</h2>
    <form class="stack" method="post" action="/i/${invoice.token}/pay" novalidate>
      ${
        saved.length === 0
          ? ""
          : html`<fieldset class="choices">
              <legend>Card</legend>
              ${saved.map((method) => row(method.id, cardName(method), `expires ${cardExpiry(method)}`))}
              ${row("new", "Another card", "")}
            </fieldset>`
      }
      <div class="stack new-card">
        ${cardFields(view.typed, view.problems)}
        ${addressFields(view.typed, view.problems, { country, isWhole: false })}
      </div>
      <button class="pay" data-busy="Paying…">Pay ${formatAmount(dueOn(invoice), invoice.currency)}</button>
    </form>
  </section>`;
}

export type Paid = { outcome: "go"; to: string } | { outcome: "again"; view: PaymentView };

/** Tries the card. An invoice that is no longer payable is shown as it is: a double press pays once. */
export function payInvoice(sandbox: Sandbox, invoice: Invoice, typed: Typed): Paid {
  const here = hostedUrl(sandbox, invoice);
  if (!isPayable(sandbox, invoice)) return { outcome: "go", to: here };
  const again = (problems: Problems, alert: string): Paid => ({
    outcome: "again",
    view: { typed, problems, alert },
  });
  const method = methodFrom(sandbox, invoice, typed);
  if (!isPaymentMethod(method)) return again(method, "Nothing was charged. Check what is marked below.");
  const payment = defaultPaymentOf(sandbox, invoice.id);
  if (payment) sandbox.store.paymentIntents.patch(payment.payment_intent, { return_url: here });
  const result = collectInvoice(sandbox, invoice, { method, offSession: false });
  switch (result.outcome) {
    case "paid":
      return { outcome: "go", to: `${here}?paid=1` };
    case "requires_action":
      return { outcome: "go", to: `/authenticate/${result.intent.client_secret}` };
    case "declined":
      return again({}, `${result.confirmation.failure.message} Nothing was charged.`);
    case "no_payment_method":
      return again({}, "Choose a card. Nothing was charged.");
  }
}

function methodFrom(sandbox: Sandbox, invoice: Invoice, typed: Typed): PaymentMethod | Problems {
  const saved = sandbox.store.paymentMethods.get(typed["payment_method"] ?? "");
  if (saved?.customer === invoice.customer) return saved;
  return readCard(sandbox, typed, { email: invoice.customer_email });
}

/** What happened, for who comes back to the page, from the bank's question too. */
export function noticeOf(c: Context<Env>, invoice: Invoice): string | null {
  if (invoice.status === "paid" && (c.req.query("paid") || c.req.query("payment_intent")))
    return "Thank you, it is paid.";
  return null;
}

/** Why the last try on this page failed. */
export function refusalOf(c: Context<Env>, sandbox: Sandbox, invoice: Invoice): string | null {
  const id = c.req.query("payment_intent");
  const intent = id === undefined ? undefined : sandbox.store.paymentIntents.get(id);
  const isOfInvoice = intent?.id === defaultPaymentOf(sandbox, invoice.id)?.payment_intent;
  return isOfInvoice && intent?.last_failure ? `${intent.last_failure.message} Nothing was charged.` : null;
}
