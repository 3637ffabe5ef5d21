/** The routes of invoice items. An item on a draft changes with its line; on anything later it is fixed. */
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { changed } from "../products.ts";
import { buyerOfCustomer } from "./buyer.ts";
import { addLines, linesOf, recompute, showInvoice } from "./invoice.ts";
import {
  checkPeriod,
  createItemFrom,
  draftOf,
  pricingFrom,
  ratesFrom,
  type ItemFields,
} from "./item-params.ts";
import { lineOfItem, showInvoiceItem } from "./items.ts";

function requireItem(sandbox: Sandbox, id: string): InvoiceItem {
  const item = sandbox.store.invoiceItems.get(id);
  if (item === undefined) throw noSuchObject("invoiceitem", id);
  return item;
}

function taxedBuyer(sandbox: Sandbox, invoice: Invoice) {
  return invoice.automatic_tax ? buyerOfCustomer(sandbox, customerOf(sandbox, invoice.customer)) : null;
}

function create(sandbox: Sandbox, params: ItemFields): InvoiceItem {
  const item = createItemFrom(sandbox, params);
  if (item.invoice === null) return item;
  const invoice = draftOf(sandbox, item.invoice);
  const after = addLines(sandbox, invoice, [lineOfItem(sandbox, item)], taxedBuyer(sandbox, invoice));
  sandbox.emit("invoice.updated", showInvoice(sandbox, after), { lines: null });
  return item;
}

function update(sandbox: Sandbox, before: InvoiceItem, params: ItemFields): InvoiceItem {
  const invoice = before.invoice === null ? null : draftOf(sandbox, before.invoice);
  const { price, ...pricing } = pricingFrom(sandbox, params, "", before);
  checkPeriod(params.period);
  const after = sandbox.store.invoiceItems.patch(before.id, {
    ...pricing,
    price: price?.id ?? null,
    product: price?.product ?? null,
    unit_amount_decimal: price === null ? String(pricing.amount) : price.unit_amount_decimal,
    description: changed(params.description, before.description),
    discountable: params.discountable ?? before.discountable,
    period: params.period ?? before.period,
    tax_rates: ratesFrom(sandbox, params, invoice, "", before.tax_rates),
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  if (invoice !== null) moveLine(sandbox, invoice, after);
  return after;
}

/** The line follows its item. */
function moveLine(sandbox: Sandbox, invoice: Invoice, item: InvoiceItem): void {
  const {
    amount,
    quantity,
    description,
    discountable,
    period,
    metadata,
    price,
    product,
    unit_amount_decimal,
    tax_rates,
    tax_behavior,
  } = item;
  for (const line of linesOf(sandbox, invoice.id)) {
    if (line.invoice_item !== item.id) continue;
    const fields = { amount, quantity, description, discountable, period, metadata, tax_rates, tax_behavior };
    sandbox.store.invoiceLines.patch(line.id, { ...fields, price, product, unit_amount_decimal });
  }
  recompute(sandbox, invoice, taxedBuyer(sandbox, invoice));
}

function remove(sandbox: Sandbox, item: InvoiceItem): void {
  const invoice = item.invoice === null ? null : draftOf(sandbox, item.invoice);
  sandbox.store.invoiceItems.delete(item.id);
  sandbox.emit("invoiceitem.deleted", showInvoiceItem(sandbox, item));
  if (invoice === null) return;
  for (const line of linesOf(sandbox, invoice.id)) {
    if (line.invoice_item === item.id) sandbox.store.invoiceLines.delete(line.id);
  }
  recompute(sandbox, invoice, taxedBuyer(sandbox, invoice));
}

export const invoiceItemRoutes = [
  route<Stripe.InvoiceItemCreateParams>("POST /v1/invoiceitems", ({ sandbox, params }) =>
    showInvoiceItem(sandbox, create(sandbox, params)),
  ),
  route<Stripe.InvoiceItemListParams>("GET /v1/invoiceitems", ({ sandbox, params, url }) => {
    const { invoiceItems } = sandbox.store;
    const found = params.customer
      ? invoiceItems.where("customer", params.customer).reverse()
      : invoiceItems.newestFirst();
    const matching = found
      .filter((item) => params.invoice == null || item.invoice === params.invoice)
      .filter((item) => params.pending == null || (item.invoice === null) === params.pending);
    return listPage(matching, { params, url, show: (item) => showInvoiceItem(sandbox, item) });
  }),
  route("GET /v1/invoiceitems/{id}", ({ sandbox, id }) => showInvoiceItem(sandbox, requireItem(sandbox, id))),
  route<Stripe.InvoiceItemUpdateParams>("POST /v1/invoiceitems/{id}", ({ sandbox, id, params }) =>
    showInvoiceItem(sandbox, update(sandbox, requireItem(sandbox, id), params)),
  ),
  route("DELETE /v1/invoiceitems/{id}", ({ sandbox, id }) => {
    remove(sandbox, requireItem(sandbox, id));
    return { id, object: "invoiceitem", deleted: true };
  }),
];
