/** The hosted checkout page. It works without script; with it, sums follow country and quantity as they change. */
import type { CheckoutSession } from "../entities/checkout-session.ts";
import { html } from "hono/html";
import { formatAmount } from "../money/amounts.ts";
import { totalsOf } from "../money/tax.ts";
import { buyerOf, pricedLines } from "../resources/checkout/session.ts";
import type { Sandbox } from "../sandbox.ts";
import { cardFields, field, type Problems, type Typed } from "./card-form.ts";
import { SUBMIT_ONCE, type Html, type Page } from "./layout.ts";

export interface CheckoutView {
  typed: Typed;
  problems: Problems;
  /** What went wrong as a whole, above the form. */
  alert: string | null;
}

export function checkoutPage(sandbox: Sandbox, session: CheckoutSession, view: CheckoutView): Page {
  const country = view.typed["country"] ?? defaultCountry(sandbox, session);
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const email = customer?.email ?? session.customer_email;
  const body = html`${session.cancel_url ? html`<a class="back" href="${session.cancel_url}">Back</a>` : ""}
    <div class="two">
      <section id="summary" aria-label="Order summary" aria-live="polite">
        ${summary(sandbox, session, country)}
      </section>
      <section class="sheet" aria-label="Payment">
        ${view.alert === null ? "" : html`<p class="alert" role="alert">${view.alert}</p>`}
        <h2>${session.mode === "setup" ? "Save a card" : "Pay by card"}</h2>
        <form id="checkout" class="stack" method="post" novalidate>
          ${
            email
              ? html`<p class="quiet">Receipt and invoice go to <strong>${email}</strong>.</p>`
              : field({
                  ...view,
                  name: "email",
                  label: "Email",
                  type: "email",
                  autocomplete: "email",
                  inputmode: "email",
                })
          }
          ${cardFields(view.typed, view.problems, country)} ${payButton(sandbox, session, country)}
          <p class="quiet">
            Sold by ${sandbox.account.name}. Test cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is
            declined.
          </p>
        </form>
      </section>
    </div>`;
  return {
    title: `${sandbox.account.name} checkout`,
    body,
    script: SUBMIT_ONCE + FOLLOW_SUMS,
  };
}

/** The saved country, the seller's when none is known. */
function defaultCountry(sandbox: Sandbox, session: CheckoutSession): string {
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  return session.submission?.address.country ?? customer?.address?.country ?? sandbox.account.country;
}

/** What is bought and what it comes to, in the country given. */
export function summary(sandbox: Sandbox, session: CheckoutSession, country: string): Html {
  if (session.mode === "setup")
    return html`<h1>${sandbox.account.name}</h1>
      <p>Your card is saved for later payments. Nothing is charged now.</p>`;
  const lines = pricedLines(sandbox, session, buyerOf(sandbox, session, country));
  const totals = totalsOf(lines);
  const { currency } = session;
  const every = lines.find((line) => line.price.recurring)?.price.recurring;
  const isInclusive = lines.every(({ tax }) => tax?.behavior === "inclusive");
  return html`<h1>
      ${session.mode === "subscription" ? `Subscribe to ${sandbox.account.name}` : `Pay ${sandbox.account.name}`}
    </h1>
    <p class="sum">
      ${formatAmount(totals.total, currency)} ${every ? html`<small>per ${period(every)}</small>` : ""}
    </p>
    <ul class="lines">
      ${lines.map((line) => summaryLine(line, currency))}
    </ul>
    <dl class="totals">
      <dt>Subtotal</dt>
      <dd>${formatAmount(totals.subtotal, currency)}</dd>
      ${
        totals.discount === 0
          ? ""
          : html`<dt>Discount</dt>
              <dd>${formatAmount(-totals.discount, currency)}</dd>`
      }
      ${
        session.automatic_tax
          ? html`<dt>${taxLabel(lines, isInclusive)}</dt>
              <dd>${formatAmount(totals.tax, currency)}</dd>`
          : ""
      }
      <dt class="total">Total due today</dt>
      <dd class="total">${formatAmount(totals.total, currency)}</dd>
    </dl>
    <input type="hidden" name="shown_total" value="${totals.total}" form="checkout" />
    <noscript
      ><p><button form="checkout" name="intent" value="update">Update total</button></p></noscript
    >`;
}

type SummaryLine = ReturnType<typeof pricedLines>[number];

function summaryLine({ line, price, name, description, amount }: SummaryLine, currency: string): Html {
  const each = price.recurring ? `per ${period(price.recurring)}` : "each";
  const id = `quantity_${line.id}`;
  return html`<li>
    <div class="what">
      <strong>${name}</strong>
      ${description ? html`<div class="quiet">${description}</div>` : ""}
      <div class="quiet">${formatAmount(amount / line.quantity, currency)} ${each}</div>
      ${
        line.adjustable
          ? html`<label for="${id}">Quantity</label>
              <input
                class="quantity"
                id="${id}"
                name="${id}"
                form="checkout"
                type="number"
                inputmode="numeric"
                value="${line.quantity}"
                min="${line.adjustable.minimum}"
                max="${line.adjustable.maximum}"
              />`
          : html`<div class="quiet">Quantity ${line.quantity}</div>`
      }
    </div>
    <div class="amount">${formatAmount(amount, currency)}</div>
  </li>`;
}

function taxLabel(lines: SummaryLine[], isInclusive: boolean): string {
  const percents = [...new Set(lines.map(({ tax }) => tax?.percent ?? 0))];
  const rate = percents.length === 1 ? ` (${percents[0]} %)` : "";
  return `VAT${rate}${isInclusive ? ", included" : ""}`;
}

function period({ interval, interval_count: count }: { interval: string; interval_count: number }): string {
  return count === 1 ? interval : `${count} ${interval}s`;
}

export function payLabel(sandbox: Sandbox, session: CheckoutSession, country: string): string {
  if (session.mode === "setup") return "Save card";
  const totals = totalsOf(pricedLines(sandbox, session, buyerOf(sandbox, session, country)));
  const sum = formatAmount(totals.total, session.currency);
  return session.mode === "subscription" ? `Subscribe and pay ${sum}` : `Pay ${sum}`;
}

function payButton(sandbox: Sandbox, session: CheckoutSession, country: string): Html {
  return html`<button class="pay" id="pay" name="intent" value="pay" data-busy="Paying…">
    ${payLabel(sandbox, session, country)}
  </button>`;
}

/** Asks the server for the sums of what is chosen; while the answer is on its way the button waits. */
const FOLLOW_SUMS = `
const form = document.getElementById("checkout"), pay = document.getElementById("pay"), box = document.getElementById("summary");
let latest = 0;
document.addEventListener("change", async (event) => {
  if (event.target.name !== "country" && !event.target.name.startsWith("quantity_")) return;
  const turn = ++latest;
  pay.disabled = true;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name === "country" || name.startsWith("quantity_")) query.set(name, value);
  try {
    const answer = await fetch(location.pathname + "/totals?" + query);
    const sums = await answer.json();
    if (turn !== latest) return;
    const focused = document.activeElement && document.activeElement.id;
    box.innerHTML = sums.summary;
    pay.textContent = sums.button;
    if (focused) document.getElementById(focused)?.focus();
  } finally {
    if (turn === latest) pay.disabled = false;
  }
});
`;
