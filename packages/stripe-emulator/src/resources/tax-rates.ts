/** Tax rates. Automatic tax makes one for each country, percent and behaviour that it meets, as Stripe Tax does. */
import type { TaxRate } from "../entities/tax-rate.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Tax } from "../money/tax.ts";
import { noSuchObject } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { route } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";

export function showTaxRate(_sandbox: Sandbox, rate: TaxRate): WireObject {
  return complete({
    object: "tax_rate",
    ...rate,
    active: false,
    display_name: "VAT",
    effective_percentage: rate.percentage,
    jurisdiction: rate.country,
    jurisdiction_level: "country",
    metadata: {},
    rate_type: "percentage",
    tax_type: "vat",
  });
}

export function taxRateFor(sandbox: Sandbox, tax: Tax): TaxRate {
  const isInclusive = tax.behavior === "inclusive";
  const id = `txr_${tax.country}_${String(tax.percent).replace(".", "_")}_${tax.behavior}`;
  const known = sandbox.store.taxRates.get(id);
  if (known !== undefined) return known;
  const { country, percent: percentage } = tax;
  return sandbox.store.taxRates.put({
    id,
    created: sandbox.wallNow(),
    country,
    percentage,
    inclusive: isInclusive,
  });
}

/** A tax as lines and invoices carry it. */
export function showTax(sandbox: Sandbox, tax: Tax) {
  return {
    amount: tax.amount,
    tax_behavior: tax.behavior,
    tax_rate_details: { tax_rate: taxRateFor(sandbox, tax).id },
    taxability_reason: tax.reason,
    taxable_amount: tax.taxable_amount,
    type: "tax_rate_details",
  };
}

export const taxRateRoutes = [
  route<Stripe.TaxRateListParams>("GET /v1/tax_rates", ({ sandbox, params, url }) => {
    const matching = sandbox.store.taxRates
      .newestFirst()
      .filter((rate) => params.inclusive == null || rate.inclusive === params.inclusive);
    return listPage(matching, { params, url, show: (rate) => showTaxRate(sandbox, rate) });
  }),
  route("GET /v1/tax_rates/{id}", ({ sandbox, id }) => {
    const rate = sandbox.store.taxRates.get(id);
    if (rate === undefined) throw noSuchObject("tax rate", id);
    return showTaxRate(sandbox, rate);
  }),
];
