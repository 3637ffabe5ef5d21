/** Invoices made and changed by hand: `POST /v1/invoices` and its updates while they are drafts. */
import type { CollectionMethod, Invoice } from "../../entities/invoice.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { checkInstant } from "../../wire/bounds.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { chooseDiscounts, giveDiscounts } from "../discounts/discounts.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { changed } from "../products.ts";
import { refuseBothTaxes, taxRateIds } from "../tax-rates.ts";
import { buyerOfCustomer, requireBuyer } from "./buyer.ts";
import { createInvoice, recompute, updateInvoice } from "./invoice.ts";
import { pendingItems } from "./items.ts";

type CreateParams = Given<Stripe.InvoiceCreateParams>;
type UpdateParams = Given<Stripe.InvoiceUpdateParams>;

const NOT_SERVED = [
  "account_tax_ids", "application_fee_amount", "custom_fields", "customer_account", "default_source",
  "from_invoice", "on_behalf_of", "shipping_cost", "shipping_details", "transfer_data",
]; // prettier-ignore

function refuseUnserved(params: object): void {
  const given = Object.entries(params).find(([name, value]) => NOT_SERVED.includes(name) && value != null);
  if (given === undefined) return;
  throw invalidRequest(`The emulator does not serve \`${given[0]}\` of an invoice.`, { param: given[0] });
}

const DAY = 86_400;
/** A draft that advances by itself is finalized after an hour. */
const DRAFT_SECONDS = 3_600;

/** An invoice that takes what is pending is in the currency of that. */
function waitingCurrency(sandbox: Sandbox, params: CreateParams, customer: string): string | undefined {
  if (params.pending_invoice_items_behavior !== "include") return undefined;
  return sandbox.store.invoiceItems.where("customer", customer).find((item) => item.invoice === null)
    ?.currency;
}

export function makeInvoice(sandbox: Sandbox, params: CreateParams): Invoice {
  refuseUnserved(params);
  const subscription = params.subscription ? subscriptionOf(sandbox, params.subscription) : null;
  const id = params.customer ?? subscription?.customer;
  if (!id) throw parameterMissing("customer");
  if (subscription !== null && subscription.customer !== id) {
    throw invalidRequest("The subscription belongs to another customer.", { param: "subscription" });
  }
  const customer = customerOf(sandbox, id);
  const now = sandbox.now(customer.id);
  const currency =
    params.currency?.toLowerCase() ??
    subscription?.currency ??
    customer.currency ??
    waitingCurrency(sandbox, params, customer.id) ??
    sandbox.account.currency;
  const pending =
    params.pending_invoice_items_behavior === "include" || subscription !== null
      ? pendingItems(sandbox, { customer: id, currency, subscription: subscription?.id ?? null })
      : [];
  const isAutomatic = params.auto_advance ?? false;
  const subtotal = pending.reduce((sum, item) => sum + item.amount, 0);
  const chosen = chooseDiscounts(sandbox, params.discounts, { customer, currency, subtotal });
  return createInvoice(sandbox, {
    ...dueOf(params, now),
    customer,
    currency,
    billing_reason: "manual",
    pending,
    lines: [],
    buyer: params.automatic_tax?.enabled ? requireBuyer(sandbox, customer) : null,
    period: { start: now, end: now },
    subscription: subscription && { id: subscription.id, metadata: subscription.metadata },
    auto_advance: isAutomatic,
    automatically_finalizes_at:
      finalizesAt(params.automatically_finalizes_at, now) ?? (isAutomatic ? now + DRAFT_SECONDS : null),
    default_payment_method: cardOf(sandbox, params.default_payment_method, customer.id),
    default_tax_rates: ratesFrom(sandbox, params, { before: [], automatic: false }),
    discounts: giveDiscounts(sandbox, chosen, { customer: customer.id }).map((discount) => discount.id),
    description: params.description ?? null,
    footer: params.footer ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
}

function subscriptionOf(sandbox: Sandbox, id: string): Subscription {
  const subscription = sandbox.store.subscriptions.get(id);
  if (subscription === undefined) throw noSuchReference("subscription", id, "subscription");
  return subscription;
}

function cardOf(sandbox: Sandbox, given: string | null | undefined, customer: string): string | null {
  return given ? usablePaymentMethod(sandbox, given, customer, "default_payment_method").id : null;
}

function finalizesAt(at: number | null | undefined, now: number): number | null {
  if (at == null) return null;
  if (checkInstant(at, "automatically_finalizes_at") > now) return at;
  throw invalidRequest("`automatically_finalizes_at` must lie in the future.", {
    param: "automatically_finalizes_at",
  });
}

function ratesFrom(
  sandbox: Sandbox,
  params: Pick<UpdateParams, "automatic_tax" | "default_tax_rates">,
  current: { before: string[]; automatic: boolean },
): string[] {
  const param = "default_tax_rates";
  const rates = taxRateIds(sandbox, params.default_tax_rates, { before: current.before, param });
  refuseBothTaxes(params.automatic_tax?.enabled ?? current.automatic, rates, param);
  return rates;
}

interface DueParams {
  collection_method?: CollectionMethod | null | undefined;
  days_until_due?: number | null | undefined;
  due_date?: number | null | undefined;
}

function dueOf(params: DueParams, now: number) {
  const { collection_method, days_until_due: days, due_date } = params;
  if (collection_method !== "send_invoice") {
    const wrong = days != null ? "days_until_due" : due_date != null ? "due_date" : null;
    if (wrong === null) return { collection_method: "charge_automatically" as const, due_date: null };
    throw invalidRequest(`\`${wrong}\` may only be given with \`collection_method=send_invoice\`.`, {
      param: wrong,
    });
  }
  if (days == null && due_date == null) throw parameterMissing("days_until_due");
  if (days != null && days < 0)
    throw invalidRequest("Invalid non-negative integer", { param: "days_until_due" });
  const param = due_date == null ? "days_until_due" : "due_date";
  return { collection_method, due_date: checkInstant(due_date ?? now + (days ?? 0) * DAY, param) };
}

/** What an invoice still takes once it is finalized. */
const EDITABLE_WHEN_FINAL = [
  "auto_advance", "default_payment_method", "description", "due_date", "expand", "footer", "metadata",
]; // prettier-ignore

export function changeInvoice(sandbox: Sandbox, before: Invoice, params: UpdateParams): Invoice {
  refuseUnserved(params);
  if (before.status !== "draft") {
    const refused = Object.keys(params).find((name) => !EDITABLE_WHEN_FINAL.includes(name));
    if (refused !== undefined) {
      throw invalidRequest(`Finalized invoices can't be updated in this way: \`${refused}\` is fixed.`, {
        code: "invoice_not_editable",
        param: refused,
      });
    }
  }
  const changes = changesFrom(sandbox, before, params);
  const isSame =
    before.status !== "draft" ||
    (params.automatic_tax == null &&
      params.discounts === undefined &&
      params.default_tax_rates === undefined);
  if (isSame) return updateInvoice(sandbox, before, changes);
  const customer = customerOf(sandbox, before.customer);
  if (params.automatic_tax?.enabled) requireBuyer(sandbox, customer);
  const draft = sandbox.store.invoices.patch(before.id, changes);
  const { id: _, ...totals } = recompute(
    sandbox,
    draft,
    draft.automatic_tax ? buyerOfCustomer(sandbox, customer) : null,
  );
  sandbox.store.invoices.put(before);
  return updateInvoice(sandbox, before, totals);
}

function changesFrom(sandbox: Sandbox, before: Invoice, params: UpdateParams): Partial<Invoice> {
  const now = sandbox.now(before.customer);
  const isAutomatic = params.auto_advance ?? before.auto_advance;
  const becomesAutomatic = isAutomatic && !before.auto_advance && before.status === "draft";
  const method = params.collection_method ?? before.collection_method;
  return {
    metadata: mergeMetadata(before.metadata, params.metadata),
    description: changed(params.description, before.description),
    footer: changed(params.footer, before.footer),
    auto_advance: isAutomatic,
    automatically_finalizes_at:
      finalizesAt(params.automatically_finalizes_at, now) ??
      (becomesAutomatic ? now + DRAFT_SECONDS : isAutomatic ? before.automatically_finalizes_at : null),
    automatic_tax: params.automatic_tax?.enabled ?? before.automatic_tax,
    default_payment_method: params.default_payment_method
      ? cardOf(sandbox, params.default_payment_method, before.customer)
      : changed(params.default_payment_method, before.default_payment_method),
    default_tax_rates: ratesFrom(sandbox, params, {
      before: before.default_tax_rates,
      automatic: before.automatic_tax,
    }),
    ...(params.collection_method != null && dueOf({ ...params, collection_method: method }, now)),
    ...(params.collection_method == null &&
      params.due_date != null && { due_date: checkInstant(params.due_date, "due_date") }),
    ...(params.discounts !== undefined && { discounts: discountsFrom(sandbox, before, params) }),
  };
}

function discountsFrom(
  sandbox: Sandbox,
  { customer: id, currency, subtotal }: Invoice,
  params: UpdateParams,
) {
  const customer = customerOf(sandbox, id);
  const chosen = chooseDiscounts(sandbox, params.discounts, { customer, currency, subtotal });
  return giveDiscounts(sandbox, chosen, { customer: id }).map((discount) => discount.id);
}
