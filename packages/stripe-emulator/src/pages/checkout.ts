/** The hosted checkout page. It works without script; with it, sums follow what is chosen as it changes. */
import type { CheckoutSession } from "../entities/checkout-session.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import { html } from "hono/html";
import { needsCard, savedCards, sessionTotals } from "../resources/checkout/session.ts";
import type { Sandbox } from "../sandbox.ts";
import { addressFields, cardFields, isCountry } from "./card-form.ts";
import { cardExpiry, cardName } from "./card-name.ts";
import { NO_CODE, payLabel, summary, type CodeView } from "./checkout-summary.ts";
import { alertOf, field, type Problems, type Typed } from "./fields.ts";
import { SUBMIT_ONCE, type Html, type Page } from "./layout.ts";
import { taxIdFields } from "./tax-id-fields.ts";

export interface CheckoutView {
  typed: Typed;
  problems: Problems;
  /** What went wrong as a whole, above the form. */
  alert: string | null;
  code?: CodeView;
}

export function checkoutPage(sandbox: Sandbox, session: CheckoutSession, view: CheckoutView): Page {
  const country = countryOf(sandbox, session, view.typed);
  const { total } = sessionTotals(sandbox, session, country);
  const asksCard = needsCard(session, total);
  const heading = session.mode === "setup" ? "Save a card" : asksCard ? "Pay by card" : "Your details";
  const body = html`${session.cancel_url ? html`<a class="back" href="${session.cancel_url}">Back</a>` : ""}
    <div class="two">
      <section id="summary" aria-label="Order summary" aria-live="polite">
        ${summary(sandbox, session, country, view.code ?? NO_CODE)}
      </section>
      <section class="sheet" aria-label="Payment">
        ${alertOf(view.alert, view.problems)}
        <h2>${heading}</h2>
        <form id="checkout" class="stack" method="post" novalidate data-card="${String(asksCard)}">
          ${emailField(sandbox, session, view)}
          ${asksCard ? cards(sandbox, session, view, country) : noCard(session, view, country)}
          ${taxId(session, view)}
          <button class="pay" id="pay" name="intent" value="pay" data-busy="Paying…">
            ${payLabel(sandbox, session, country)}
          </button>
          <p class="quiet">
            Sold by ${sandbox.account.name}. Test cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is
            declined, 4000 0000 0000 3220 asks you to authenticate.
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

/** Where the buyer is taken to live: what was chosen, then what is known, then where the seller is. */
export function countryOf(sandbox: Sandbox, session: CheckoutSession, typed: Typed): string {
  const saved = savedCards(sandbox, session).find(({ id }) => id === typed["payment_method"]);
  const ofCard = saved?.billing_details.address?.country;
  if (ofCard) return ofCard;
  if (!saved && isCountry(typed["country"] ?? "")) return typed["country"] ?? "";
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  return session.submission?.address.country ?? customer?.address?.country ?? sandbox.account.country;
}

function emailField(sandbox: Sandbox, session: CheckoutSession, view: CheckoutView): Html {
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const email = customer?.email ?? session.customer_email;
  if (email) return html`<p class="quiet">Receipt and invoice go to <strong>${email}</strong>.</p>`;
  const kind = { type: "email", autocomplete: "email", inputmode: "email" };
  return field({ ...view, ...kind, name: "email", label: "Email" });
}

/** The saved cards, if any may be shown, and the fields of another. */
function cards(sandbox: Sandbox, session: CheckoutSession, view: CheckoutView, country: string): Html {
  const saved = savedCards(sandbox, session);
  const fields = html`${cardFields(view.typed, view.problems)}
  ${addressFields(view.typed, view.problems, { country, isWhole: asksWholeAddress(session) })}
  ${saveBox(session, view)}`;
  if (saved.length === 0) return fields;
  const chosen = view.typed["payment_method"] ?? saved[0]?.id;
  const row = (value: string, name: string, detail: string) =>
    html`<label class="choice">
      <input type="radio" name="payment_method" value="${value}" ${value === chosen ? "checked" : ""} />
      <span>${name} <span class="quiet">${detail}</span></span>
    </label>`;
  return html`<fieldset class="choices">
      <legend>Card</legend>
      ${saved.map((method: PaymentMethod) => row(method.id, cardName(method), `expires ${cardExpiry(method)}`))}
      ${row("new", "Another card", "")}
    </fieldset>
    <div class="stack new-card">${fields}</div>`;
}

export function asksWholeAddress(session: CheckoutSession): boolean {
  return session.billing_address_collection === "required";
}

function noCard(session: CheckoutSession, view: CheckoutView, country: string): Html {
  return html`<p>Nothing is due today, so no card is needed.</p>
    ${field({ ...view, name: "name", label: "Name", autocomplete: "name" })}
    ${addressFields(view.typed, view.problems, { country, isWhole: asksWholeAddress(session) })}`;
}

/** Where the caller asked for it. The number may be left out; who has none has no business name to give either. */
function taxId(session: CheckoutSession, { typed, problems }: CheckoutView): Html | string {
  if (!asksTaxId(session)) return "";
  const isOpen = typed["tax_id_value"] || problems["tax_id_value"] || problems["business_name"];
  return html`<details ${isOpen ? "open" : ""}>
    <summary>I buy as a business</summary>
    <div class="stack">
      ${field({ typed, problems, name: "business_name", label: "Business name", autocomplete: "organization", isOptional: true })}
      ${taxIdFields(typed, problems, { isOptional: true })}
    </div>
  </details>`;
}

export function asksTaxId(session: CheckoutSession): boolean {
  return session.tax_id_collection && session.mode !== "setup";
}

/** Where the caller asked for it: cards that the buyer wants to find again. */
function saveBox(session: CheckoutSession, { typed }: CheckoutView): Html | string {
  if (session.saved_payment_methods?.save !== "enabled") return "";
  return html`<label class="choice">
    <input type="checkbox" name="save_card" value="yes" ${typed["save_card"] === "yes" ? "checked" : ""} />
    <span>Save this card for my next purchases</span>
  </label>`;
}

/** Asks the server for the sums of what is chosen; while the answer is on its way the button waits. */
const FOLLOW_SUMS = `
const form = document.getElementById("checkout"), pay = document.getElementById("pay"), box = document.getElementById("summary");
let latest = 0;
const counts = (name) => name === "country" || ["payment_method", "tax_id_type", "tax_id_value"].includes(name) || name.startsWith("quantity_");
async function follow(ask) {
  const turn = ++latest;
  pay.disabled = true;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (counts(name)) query.set(name, value);
  try {
    const sums = await (await ask(query)).json();
    if (turn !== latest) return;
    if (String(sums.card) !== form.dataset.card || sums.error) return location.reload();
    const focused = document.activeElement && document.activeElement.id;
    box.innerHTML = sums.summary;
    pay.textContent = sums.button;
    if (focused) document.getElementById(focused)?.focus();
  } finally {
    if (turn === latest) pay.disabled = false;
  }
}
document.addEventListener("change", (event) => {
  if (counts(event.target.name)) follow((query) => fetch(location.pathname + "/totals?" + query));
});
document.addEventListener("submit", (event) => {
  if (!event.target.classList.contains("code")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  follow((query) => fetch(event.target.action + "?" + query, { method: "POST", body, headers: { Accept: "application/json" } }));
});
`;
