/**
 * Tax ids. A badly written one is refused; a well-written one counts at once, for reverse charge too, and the register's
 * answer comes later:
 *
 *   pending -> verified | unverified     eu_vat, gb_vat and au_abn, by the number (money/tax-ids.ts)
 *   unavailable                          all other types
 */
import type { TaxId, TaxIdType } from "../entities/tax-id.ts";
import { countryOfTaxId, isVerifiable, testVerification } from "../money/tax-ids.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { invalidRequest, noSuchObject, parameterMissing } from "../wire/errors.ts";
import { embeddedList, listPage } from "../wire/lists.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import type { Stripe } from "../wire/stripe-types.ts";

export function showTaxId(sandbox: Sandbox, taxId: TaxId): WireObject {
  const { later: _, status, ...fields } = taxId;
  const customer = taxId.customer === null ? undefined : sandbox.store.customers.get(taxId.customer);
  const isVerified = status === "verified";
  return complete({
    object: "tax_id",
    ...fields,
    owner: taxId.customer === null ? { type: "self" } : { type: "customer", customer: taxId.customer },
    verification: {
      status,
      verified_address: isVerified ? (customer?.address?.line1 ?? null) : null,
      verified_name: isVerified ? (customer?.name ?? null) : null,
    },
  });
}

export function taxIdsOf(sandbox: Sandbox, customer: string): TaxId[] {
  return sandbox.store.taxIds.where("customer", customer);
}

/** `customer.tax_ids`, sent on request only. */
export function includeTaxIds(sandbox: Sandbox, customer: string): WireObject {
  const found = taxIdsOf(sandbox, customer).reverse();
  return embeddedList(
    found.map((taxId) => showTaxId(sandbox, taxId)),
    `/v1/customers/${customer}/tax_ids`,
  );
}

/** As invoices keep them: they do not follow the customer once the invoice is finalized. */
export function frozenTaxIds(sandbox: Sandbox, customer: string): { type: TaxIdType; value: string }[] {
  return taxIdsOf(sandbox, customer).map(({ type, value }) => ({ type, value }));
}

/** Countries of the EU VAT numbers that a customer has: what decides about reverse charge. */
export function vatCountriesOf(sandbox: Sandbox, customer: string): string[] {
  return taxIdsOf(sandbox, customer).flatMap(({ type, country }) =>
    type === "eu_vat" && country !== null ? [country] : [],
  );
}

/** A customer may have so many. */
const MAX_PER_OWNER = 5;

export function hasRoomForTaxId(sandbox: Sandbox, customer: string | null): boolean {
  return sandbox.store.taxIds.where("customer", customer).length < MAX_PER_OWNER;
}

export function createTaxId(
  sandbox: Sandbox,
  given: { customer: string | null; type: TaxIdType; value: string; param?: string },
): TaxId {
  const { customer, type, value } = given;
  const param = given.param ?? "value";
  const country = countryOfTaxId(type, value);
  if (country === undefined) {
    throw invalidRequest(`Invalid value for ${type}.`, { code: "tax_id_invalid", param });
  }
  if (!hasRoomForTaxId(sandbox, customer)) {
    throw invalidRequest(`There may be up to ${MAX_PER_OWNER} tax ids.`, { param });
  }
  const now = sandbox.now(customer);
  const taxId = sandbox.store.taxIds.put({
    id: newId("txi"),
    created: now,
    customer,
    type,
    value: value.trim(),
    country,
    status: isVerifiable(type) ? "pending" : "unavailable",
    later: isVerifiable(type) ? answerOf(sandbox, value, now) : null,
  });
  if (customer !== null) sandbox.emit("customer.tax_id.created", showTaxId(sandbox, taxId));
  return taxId;
}

function answerOf(sandbox: Sandbox, value: string, now: number): TaxId["later"] {
  const status = testVerification(value) ?? sandbox.account.assumptions.otherTaxIds;
  if (status === "pending") return null;
  return { status, at: now + sandbox.account.settings.taxIdVerificationSeconds };
}

/** The register's answer. Called when `later.at` has come. */
export function finishVerification(sandbox: Sandbox, taxId: TaxId): void {
  if (taxId.later === null) return;
  const { verification } = showTaxId(sandbox, taxId);
  const after = sandbox.store.taxIds.patch(taxId.id, { status: taxId.later.status, later: null });
  if (taxId.customer === null) return;
  sandbox.emit("customer.tax_id.updated", showTaxId(sandbox, after), { verification });
}

function requireCustomer(sandbox: Sandbox, id: string): string {
  if (sandbox.store.customers.get(id) === undefined) throw noSuchObject("customer", id);
  return id;
}

/** Under a customer's address only theirs are found; under `/v1/tax_ids` everybody's. */
function requireTaxId(sandbox: Sandbox, id: string, customer?: string): TaxId {
  const taxId = sandbox.store.taxIds.get(id);
  if (taxId === undefined || (customer !== undefined && taxId.customer !== customer)) {
    throw noSuchObject("tax id", id);
  }
  return taxId;
}

function deleteTaxId(sandbox: Sandbox, taxId: TaxId): WireObject {
  if (taxId.customer !== null) sandbox.emit("customer.tax_id.deleted", showTaxId(sandbox, taxId));
  sandbox.store.taxIds.delete(taxId.id);
  return { id: taxId.id, object: "tax_id", deleted: true };
}

interface Owner {
  type: "account" | "application" | "customer" | "self";
  customer?: string | null | undefined;
}

/** Whose: a customer's, or the seller's own when nothing is said. */
function ownerFrom(sandbox: Sandbox, owner: Owner | null | undefined): string | null {
  if (!owner || owner.type === "self") return null;
  if (owner.type !== "customer") {
    throw invalidRequest("The emulator has one account: the owner of a tax id is `self` or a customer.", {
      param: "owner[type]",
    });
  }
  if (!owner.customer) throw parameterMissing("owner[customer]");
  return requireCustomer(sandbox, owner.customer);
}

export const taxIdRoutes = [
  route<Stripe.TaxIdCreateParams>("POST /v1/tax_ids", ({ sandbox, params }) => {
    const customer = ownerFrom(sandbox, params.owner);
    return showTaxId(sandbox, createTaxId(sandbox, { customer, type: params.type, value: params.value }));
  }),
  route<Stripe.TaxIdListParams>("GET /v1/tax_ids", ({ sandbox, params, url }) => {
    const found = sandbox.store.taxIds.where("customer", ownerFrom(sandbox, params.owner)).reverse();
    return listPage(found, { params, url, show: (taxId) => showTaxId(sandbox, taxId) });
  }),
  route("GET /v1/tax_ids/{id}", ({ sandbox, id }) => showTaxId(sandbox, requireTaxId(sandbox, id))),
  route("DELETE /v1/tax_ids/{id}", ({ sandbox, id }) => deleteTaxId(sandbox, requireTaxId(sandbox, id))),
  route<Stripe.CustomerCreateTaxIdParams>("POST /v1/customers/{id}/tax_ids", ({ sandbox, id, params }) => {
    const customer = requireCustomer(sandbox, id);
    return showTaxId(sandbox, createTaxId(sandbox, { customer, type: params.type, value: params.value }));
  }),
  route<Stripe.CustomerListTaxIdsParams>("GET /v1/customers/{id}/tax_ids", ({ sandbox, id, params, url }) => {
    const found = taxIdsOf(sandbox, requireCustomer(sandbox, id)).reverse();
    return listPage(found, { params, url, show: (taxId) => showTaxId(sandbox, taxId) });
  }),
  route("GET /v1/customers/{customerId}/tax_ids/{id}", ({ sandbox, customerId, id }) =>
    showTaxId(sandbox, requireTaxId(sandbox, id, requireCustomer(sandbox, customerId))),
  ),
  route("DELETE /v1/customers/{customerId}/tax_ids/{id}", ({ sandbox, customerId, id }) =>
    deleteTaxId(sandbox, requireTaxId(sandbox, id, requireCustomer(sandbox, customerId))),
  ),
];

/** `tax_id_data` of a new customer. */
export function createTaxIds(
  sandbox: Sandbox,
  customer: string,
  given: Given<Stripe.CustomerCreateParams["tax_id_data"]> | null,
): void {
  for (const [index, { type, value }] of (given ?? []).entries()) {
    createTaxId(sandbox, { customer, type, value, param: `tax_id_data[${index}][value]` });
  }
}
