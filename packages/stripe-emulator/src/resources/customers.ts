/** Customers: who pays. A customer made on a test clock lives, with everything of theirs, in that clock's time. */
import type { Customer, Shipping } from "../entities/customer.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { checkAmount } from "../wire/bounds.ts";
import { newId, randomText } from "../store/ids.ts";
import { invalidRequest, noSuchObject, noSuchReference } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { addressOf } from "./addresses.ts";
import { writeBalanceTransaction } from "./customer-balance.ts";
import { previousAttributes } from "./events.ts";
import { changed } from "./products.ts";
import { attachPaymentMethod, usablePaymentMethod } from "./payment-methods.ts";
import { checkRoomForCustomer } from "./test-clocks.ts";
import { createTaxIds } from "./tax-ids.ts";

export function showCustomer(_sandbox: Sandbox, customer: Customer): WireObject {
  const { default_payment_method, ...fields } = customer;
  return complete({
    object: "customer",
    ...fields,
    customer_account: null,
    default_source: null,
    delinquent: false,
    discount: null,
    invoice_settings: { custom_fields: null, default_payment_method, footer: null, rendering_options: null },
  });
}

export function customerOf(sandbox: Sandbox, id: string, param = "customer"): Customer {
  const customer = sandbox.store.customers.get(id);
  if (customer === undefined) throw noSuchReference("customer", id, param);
  return customer;
}

/** Writes changes and raises `customer.updated`; writes nothing when nothing is different. */
export function updateCustomer(sandbox: Sandbox, id: string, changes: Partial<Customer>): Customer {
  const before = customerOf(sandbox, id);
  const after = { ...before, ...changes };
  const [old, fresh] = [showCustomer(sandbox, before), showCustomer(sandbox, after)];
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length === 0) return before;
  sandbox.store.customers.put(after);
  sandbox.emit("customer.updated", fresh, previous);
  return after;
}

function checkEmail(email: string | null | undefined): string | null {
  if (email != null && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw invalidRequest(`Invalid email address: ${email}`, { code: "email_invalid", param: "email" });
  }
  return email ?? null;
}

function shippingOf(given: Given<Stripe.CustomerCreateParams["shipping"]>): Shipping | null {
  if (!given) return null;
  return { address: addressOf(given.address), name: given.name, phone: given.phone ?? null };
}

export function createCustomer(sandbox: Sandbox, params: Given<Stripe.CustomerCreateParams>): Customer {
  const clock = params.test_clock ?? null;
  if (clock !== null) checkRoomForCustomer(sandbox, clock);
  const frozen = clock === null ? undefined : sandbox.store.testClocks.get(clock)?.frozen_time;
  const customer = sandbox.store.customers.put({
    id: newId("cus"),
    created: frozen ?? sandbox.wallNow(),
    name: params.name ?? null,
    email: checkEmail(params.email),
    phone: params.phone ?? null,
    description: params.description ?? null,
    address: addressOf(params.address),
    shipping: shippingOf(params.shipping),
    balance: checkAmount(params.balance ?? 0, "balance"),
    currency: null,
    default_payment_method: null,
    invoice_prefix: params.invoice_prefix ?? randomText(8).toUpperCase(),
    next_invoice_sequence: params.next_invoice_sequence ?? 1,
    preferred_locales: params.preferred_locales ?? [],
    tax_exempt: params.tax_exempt ?? "none",
    metadata: mergeMetadata({}, params.metadata),
    test_clock: clock,
  });
  noteBalance(sandbox, { ...customer, balance: 0 }, "initial", customer.balance);
  sandbox.emit("customer.created", showCustomer(sandbox, customer));
  createTaxIds(sandbox, customer.id, params.tax_id_data);
  const attached = params.payment_method
    ? attachPaymentMethod(sandbox, params.payment_method, customer.id).id
    : null;
  const named = params.invoice_settings?.default_payment_method;
  // A template such as pm_card_visa makes a card each time; named twice in one request it is one card.
  const chosen = named && named === params.payment_method ? attached : named;
  if (!chosen) return customerOf(sandbox, customer.id);
  const paymentMethod = usablePaymentMethod(
    sandbox,
    chosen,
    customer.id,
    "invoice_settings[default_payment_method]",
  );
  return sandbox.store.customers.patch(customer.id, { default_payment_method: paymentMethod.id });
}

/** A balance that is set on the customer leaves a transaction like any other change of it. */
function noteBalance(
  sandbox: Sandbox,
  before: Customer,
  type: "adjustment" | "initial",
  amount: number,
): void {
  if (amount === 0) return;
  const currency = before.currency ?? sandbox.account.currency;
  writeBalanceTransaction(sandbox, before, { type, amount, currency });
}

function requireCustomer(sandbox: Sandbox, id: string): Customer {
  const customer = sandbox.store.customers.get(id);
  if (customer === undefined) throw noSuchObject("customer", id);
  return customer;
}

function changesFrom(sandbox: Sandbox, customer: Customer, params: Given<Stripe.CustomerUpdateParams>) {
  const chosen = params.invoice_settings?.default_payment_method;
  const param = "invoice_settings[default_payment_method]";
  return {
    name: changed(params.name, customer.name),
    email: params.email === undefined ? customer.email : checkEmail(params.email),
    phone: changed(params.phone, customer.phone),
    description: changed(params.description, customer.description),
    address: params.address === undefined ? customer.address : addressOf(params.address),
    shipping: params.shipping === undefined ? customer.shipping : shippingOf(params.shipping),
    balance: params.balance == null ? customer.balance : checkAmount(params.balance, "balance"),
    invoice_prefix: params.invoice_prefix ?? customer.invoice_prefix,
    next_invoice_sequence: params.next_invoice_sequence ?? customer.next_invoice_sequence,
    preferred_locales: params.preferred_locales ?? customer.preferred_locales,
    tax_exempt: params.tax_exempt === null ? ("none" as const) : (params.tax_exempt ?? customer.tax_exempt),
    metadata: mergeMetadata(customer.metadata, params.metadata),
    default_payment_method: chosen
      ? usablePaymentMethod(sandbox, chosen, customer.id, param).id
      : changed(chosen, customer.default_payment_method),
  };
}

export const customerRoutes = [
  route<Stripe.CustomerCreateParams>("POST /v1/customers", ({ sandbox, params }) =>
    showCustomer(sandbox, createCustomer(sandbox, params)),
  ),
  route<Stripe.CustomerListParams>("GET /v1/customers", ({ sandbox, params, url }) => {
    const all = params.email ? sandbox.store.customers.where("email", params.email).reverse() : undefined;
    const matching = (all ?? sandbox.store.customers.newestFirst()).filter((customer) =>
      params.test_clock ? customer.test_clock === params.test_clock : customer.test_clock === null,
    );
    return listPage(matching, { params, url, show: (customer) => showCustomer(sandbox, customer) });
  }),
  route("GET /v1/customers/{id}", ({ sandbox, id }) => {
    if (sandbox.store.deletedCustomers.get(id)) return { id, object: "customer", deleted: true };
    return showCustomer(sandbox, requireCustomer(sandbox, id));
  }),
  route<Stripe.CustomerUpdateParams>("POST /v1/customers/{id}", ({ sandbox, id, params }) => {
    const customer = requireCustomer(sandbox, id);
    noteBalance(sandbox, customer, "adjustment", (params.balance ?? customer.balance) - customer.balance);
    return showCustomer(sandbox, updateCustomer(sandbox, id, changesFrom(sandbox, customer, params)));
  }),
];
