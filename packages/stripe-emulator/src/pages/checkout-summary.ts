/** The left half of the checkout page: what is bought, what it comes to, and the box for a promotion code. */
import { html } from "hono/html";
import type { CheckoutSession } from "../entities/checkout-session.ts";
import { formatAmount, lineAmount } from "../money/amounts.ts";
import { totalsOf } from "../money/tax.ts";
import { beginsWithTrial, buyerOf, pricedLines } from "../resources/checkout/session.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Recurring } from "../entities/price.ts";
import { formatDate, type Html } from "./layout.ts";

/** What the page was last told of a promotion code. */
export interface CodeView {
  typed: string;
  problem: string | null;
}

export const NO_CODE: CodeView = { typed: "", problem: null };

/** What is bought and what it comes to, in the country given. */
export function summary(
  sandbox: Sandbox,
  session: CheckoutSession,
  country: string,
  code: CodeView = NO_CODE,
): Html {
  if (session.mode === "setup")
    return html`<h1>${sandbox.account.name}</h1>
      <p>Your card is saved for later payments. Nothing is charged now.</p>`;
  const lines = pricedLines(sandbox, session, buyerOf(sandbox, session, country));
  const totals = totalsOf(lines);
  const { currency } = session;
  const every = lines.find((line) => line.price.recurring)?.price.recurring;
  const isInclusive = lines.every(({ tax }) => tax?.behavior === "inclusive");
  const verb = session.mode === "subscription" ? "Subscribe to" : "Pay";
  return html`<h1>${verb} ${sandbox.account.name}</h1>
    <p class="sum">${headSum(session, lines, totals.total, every)}</p>
    <ul class="lines">
      ${lines.map((line) => summaryLine(line, currency))}
    </ul>
    ${codeBox(sandbox, session, code)}
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
        session.automatic_tax || lines.some(({ tax }) => tax !== null)
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

/** The sum in large: what is due, and what comes after a trial. */
function headSum(
  session: CheckoutSession,
  lines: SummaryLine[],
  total: number,
  every: Recurring | null | undefined,
): Html {
  const { currency } = session;
  const per = every ? `per ${period(every)}` : "";
  if (!beginsWithTrial(session)) return html`${formatAmount(total, currency)} <small>${per}</small>`;
  const recurring = lines.filter(({ price }) => price.recurring !== null);
  const later = recurring.reduce((sum, { line, price }) => sum + lineAmount(price, line.quantity), 0);
  const { trial_period_days: days, trial_end: end } = session.subscription_data;
  const free =
    days == null ? `Free until ${formatDate(end ?? 0)}` : `${days} ${days === 1 ? "day" : "days"} free`;
  return html`${free} <small>then ${formatAmount(later, currency)} ${per}</small>`;
}

/** A form of its own, so that Enter in the card's fields pays and does not apply a code. */
function codeBox(sandbox: Sandbox, session: CheckoutSession, code: CodeView): Html | string {
  if (session.allow_promotion_codes !== true) return "";
  const [applied] = session.discounts;
  const path = `/c/pay/${session.id}/promotion`;
  if (applied?.promotion_code) {
    const name = sandbox.store.promotionCodes.get(applied.promotion_code)?.code ?? applied.promotion_code;
    return html`<form class="code row" method="post" action="${path}">
      <span>Code <strong>${name}</strong> applied</span>
      <input type="hidden" name="promotion_code" value="" />
      <button aria-label="Remove code ${name}">Remove</button>
    </form>`;
  }
  return html`<form class="code" method="post" action="${path}" novalidate>
    <label for="promotion_code">Promotion code</label>
    <div class="inline">
      <input
        id="promotion_code"
        name="promotion_code"
        value="${code.typed}"
        autocomplete="off"
        spellcheck="false"
        maxlength="200"
        aria-invalid="${code.problem === null ? "false" : "true"}"
        ${code.problem === null ? "" : html`aria-describedby="promotion_code-problem"`}
      />
      <button>Apply</button>
    </div>
    ${code.problem === null ? "" : html`<p class="problem" id="promotion_code-problem">${code.problem}</p>`}
  </form>`;
}

type SummaryLine = ReturnType<typeof pricedLines>[number];

function summaryLine({ line, price, name, description, amount }: SummaryLine, currency: string): Html {
  const each = price.recurring ? `per ${period(price.recurring)}` : "each";
  const id = `quantity_${line.id}`;
  return html`<li>
    <div class="what">
      <strong>${name}</strong>
      ${description ? html`<div class="quiet">${description}</div>` : ""}
      <div class="quiet">${formatAmount(lineAmount(price, 1), currency)} ${each}</div>
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
  if (lines.some(({ tax }) => tax?.reason === "reverse_charge"))
    return "VAT (reverse charge, yours to account for)";
  const rate = percents.length === 1 ? ` (${percents[0]} %)` : "";
  return `VAT${rate}${isInclusive ? ", included" : ""}`;
}

function period({ interval, interval_count: count }: { interval: string; interval_count: number }): string {
  return count === 1 ? interval : `${count} ${interval}s`;
}

export function payLabel(sandbox: Sandbox, session: CheckoutSession, country: string): string {
  if (session.mode === "setup") return "Save card";
  const { total } = totalsOf(pricedLines(sandbox, session, buyerOf(sandbox, session, country)));
  const sum = formatAmount(total, session.currency);
  if (total === 0 && beginsWithTrial(session)) return "Start trial";
  if (total === 0) return session.mode === "subscription" ? "Subscribe" : "Complete order";
  return session.mode === "subscription" ? `Subscribe and pay ${sum}` : `Pay ${sum}`;
}
