/**
 * Tax rates. Automatic tax makes one for each country, percent and behaviour that it meets, as Stripe Tax does. The
 * seller makes others, inclusive or exclusive, and names them as the default of an invoice or subscription or on a line.
 */
import type { TaxRate } from "../entities/tax-rate.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Tax } from "../money/tax.ts";
import { newId } from "../store/ids.ts";
import { invalidRequest, noSuchObject, noSuchReference } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { previousAttributes } from "./events.ts";
import { changed } from "./products.ts";

export function showTaxRate(_sandbox: Sandbox, rate: TaxRate): WireObject {
  const { is_automatic, ...fields } = rate;
  return complete({
    object: "tax_rate",
    ...fields,
    effective_percentage: rate.percentage,
    jurisdiction_level: is_automatic ? "country" : null,
    rate_type: is_automatic ? "percentage" : null,
  });
}

export function taxRateFor(sandbox: Sandbox, tax: Tax): TaxRate {
  const own = tax.rate === undefined ? undefined : sandbox.store.taxRates.get(tax.rate);
  if (own !== undefined) return own;
  const id = `txr_${tax.country}_${String(tax.percent).replace(".", "_")}_${tax.behavior}`;
  const known = sandbox.store.taxRates.get(id);
  if (known !== undefined) return known;
  const { country, percent: percentage } = tax;
  return sandbox.store.taxRates.put({
    id,
    created: sandbox.wallNow(),
    is_automatic: true,
    active: false,
    display_name: "VAT",
    description: null,
    country,
    state: null,
    jurisdiction: country,
    percentage,
    inclusive: tax.behavior === "inclusive",
    tax_type: "vat",
    metadata: {},
  });
}

/** A tax as lines and invoices carry it. */
export function showTax(sandbox: Sandbox, tax: Tax) {
  return {
    amount: tax.amount,
    tax_behavior: tax.behavior,
    tax_rate_details: { tax_rate: taxRateFor(sandbox, tax).id },
    taxability_reason: tax.rate === undefined ? tax.reason : "not_available",
    taxable_amount: tax.taxable_amount,
    type: "tax_rate_details",
  };
}

/** Rates of the seller's own and automatic tax exclude each other: one of them says what the tax is. */
export function refuseBothTaxes(isAutomatic: boolean, rates: readonly string[], param: string): void {
  if (!isAutomatic || rates.length === 0) return;
  throw invalidRequest("You cannot use tax rates of your own together with automatic tax.", { param });
}

/** The ids of the rates that a request names; an empty string clears them, an empty list leaves them as they are. */
export function taxRateIds(
  sandbox: Sandbox,
  ids: readonly string[] | null | undefined,
  given: { before: string[]; param: string },
): string[] {
  if (ids === null) return [];
  if (ids === undefined || ids.length === 0) return given.before;
  return namedTaxRates(sandbox, ids, given.param).map(({ id }) => id);
}

/** Rates as objects, in the places where Stripe shows them whole. */
export function showTaxRates(sandbox: Sandbox, ids: string[]): WireObject[] {
  return ids.flatMap((id) => {
    const rate = sandbox.store.taxRates.get(id);
    return rate === undefined ? [] : [showTaxRate(sandbox, rate)];
  });
}

/** Rates that a request names, e.g. as `default_tax_rates`. One at most: the emulator taxes a line once. */
export function namedTaxRates(
  sandbox: Sandbox,
  ids: readonly string[] | null | undefined,
  param: string,
): TaxRate[] {
  const [id, second] = ids ?? [];
  if (id === undefined) return [];
  if (second !== undefined) {
    throw invalidRequest("The emulator puts one tax rate on a line: name one only.", { param });
  }
  const rate = sandbox.store.taxRates.get(id);
  if (rate === undefined || rate.is_automatic) throw noSuchReference("tax rate", id, param);
  if (!rate.active) {
    throw invalidRequest(`The tax rate ${id} is inactive. This field only accepts active tax rates.`, {
      param,
    });
  }
  return [rate];
}

function createTaxRate(sandbox: Sandbox, params: Given<Stripe.TaxRateCreateParams>): TaxRate {
  const percentage = Number(params.percentage);
  if (percentage < 0 || percentage > 100) {
    throw invalidRequest("Invalid percentage: must be between 0 and 100.", { param: "percentage" });
  }
  const rate = sandbox.store.taxRates.put({
    id: newId("txr"),
    created: sandbox.wallNow(),
    is_automatic: false,
    active: params.active ?? true,
    display_name: params.display_name,
    description: params.description ?? null,
    country: params.country ?? null,
    state: params.state ?? null,
    jurisdiction: params.jurisdiction ?? null,
    percentage,
    inclusive: params.inclusive,
    tax_type: params.tax_type ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
  sandbox.emit("tax_rate.created", showTaxRate(sandbox, rate));
  return rate;
}

function requireTaxRate(sandbox: Sandbox, id: string): TaxRate {
  const rate = sandbox.store.taxRates.get(id);
  if (rate === undefined) throw noSuchObject("tax rate", id);
  return rate;
}

function updateTaxRate(
  sandbox: Sandbox,
  before: TaxRate,
  params: Given<Stripe.TaxRateUpdateParams>,
): TaxRate {
  if (before.is_automatic) {
    throw invalidRequest("This tax rate was made by automatic tax and cannot be changed.");
  }
  const after = sandbox.store.taxRates.patch(before.id, {
    active: params.active ?? before.active,
    display_name: params.display_name ?? before.display_name,
    description: changed(params.description, before.description),
    country: changed(params.country, before.country),
    state: changed(params.state, before.state),
    jurisdiction: changed(params.jurisdiction, before.jurisdiction),
    tax_type: changed(params.tax_type, before.tax_type),
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  const [old, fresh] = [showTaxRate(sandbox, before), showTaxRate(sandbox, after)];
  sandbox.emit("tax_rate.updated", fresh, previousAttributes(old, fresh));
  return after;
}

export const taxRateRoutes = [
  route<Stripe.TaxRateCreateParams>("POST /v1/tax_rates", ({ sandbox, params }) =>
    showTaxRate(sandbox, createTaxRate(sandbox, params)),
  ),
  route<Stripe.TaxRateListParams>("GET /v1/tax_rates", ({ sandbox, params, url }) => {
    const matching = sandbox.store.taxRates
      .newestFirst()
      .filter((rate) => params.active == null || rate.active === params.active)
      .filter((rate) => params.inclusive == null || rate.inclusive === params.inclusive);
    return listPage(matching, { params, url, show: (rate) => showTaxRate(sandbox, rate) });
  }),
  route("GET /v1/tax_rates/{id}", ({ sandbox, id }) => showTaxRate(sandbox, requireTaxRate(sandbox, id))),
  route<Stripe.TaxRateUpdateParams>("POST /v1/tax_rates/{id}", ({ sandbox, id, params }) =>
    showTaxRate(sandbox, updateTaxRate(sandbox, requireTaxRate(sandbox, id), params)),
  ),
];
