/** The routes of invoices. */
import type { Invoice } from "../../entities/invoice.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import { previousAttributes } from "../events.ts";
import { linesOf, patchInvoice, showInvoice } from "./invoice.ts";
import { showLine } from "./line.ts";

function requireInvoice(sandbox: Sandbox, id: string): Invoice {
  const invoice = sandbox.store.invoices.get(id);
  if (invoice === undefined) throw noSuchObject("invoice", id);
  return invoice;
}

function find(sandbox: Sandbox, by: { customer?: string | null; subscription?: string | null }): Invoice[] {
  const { invoices } = sandbox.store;
  if (by.subscription) return invoices.where("subscription", by.subscription).reverse();
  return by.customer ? invoices.where("customer", by.customer).reverse() : invoices.newestFirst();
}

export const invoiceRoutes = [
  route<Stripe.InvoiceListParams>("GET /v1/invoices", ({ sandbox, params, url }) => {
    const by = { customer: params.customer ?? null, subscription: params.subscription ?? null };
    const matching = find(sandbox, by)
      .filter((invoice) => !params.customer || invoice.customer === params.customer)
      .filter((invoice) => params.status == null || invoice.status === params.status);
    return listPage(matching, { params, url, show: (invoice) => showInvoice(sandbox, invoice) });
  }),
  route("GET /v1/invoices/{id}", ({ sandbox, id }) => showInvoice(sandbox, requireInvoice(sandbox, id))),
  route<Stripe.InvoiceListLineItemsParams>("GET /v1/invoices/{id}/lines", ({ sandbox, id, params, url }) => {
    const lines = linesOf(sandbox, requireInvoice(sandbox, id).id);
    return listPage(lines, { params, url, show: (line) => showLine(sandbox, line) });
  }),
  route<Stripe.InvoiceUpdateParams>("POST /v1/invoices/{id}", ({ sandbox, id, params }) => {
    const before = requireInvoice(sandbox, id);
    const after = patchInvoice(sandbox, id, {
      metadata: mergeMetadata(before.metadata, params.metadata),
      description: params.description === undefined ? before.description : params.description,
      footer: params.footer === undefined ? before.footer : params.footer,
    });
    const [old, fresh] = [showInvoice(sandbox, before), showInvoice(sandbox, after)];
    sandbox.emit("invoice.updated", fresh, previousAttributes(old, fresh));
    return fresh;
  }),
];
