/**
 * The tax id that a buyer types on the checkout page. Its form decides at once whether the tax is the buyer's own to
 * account for, so that the page shows the sum before anybody pays; the customer has it once the session is paid.
 */
import type { CheckoutSession } from "../../entities/checkout-session.ts";
import type { TaxIdType } from "../../entities/tax-id.ts";
import { countryOfTaxId } from "../../money/tax-ids.ts";
import type { Sandbox } from "../../sandbox.ts";
import { createTaxId, hasRoomForTaxId, taxIdsOf } from "../tax-ids.ts";

type Entered = NonNullable<CheckoutSession["entered_tax_id"]>;

/** As it is kept; null when it is not written as such a number is. */
export function readTaxId(type: TaxIdType, typed: string): Entered | null {
  const value = typed.trim();
  return countryOfTaxId(type, value) === undefined ? null : { type, value };
}

/** The country of an EU VAT number that was typed: what decides about reverse charge, besides those that are known. */
export function enteredVatCountries({ entered_tax_id: entered }: CheckoutSession): string[] {
  const country = entered?.type === "eu_vat" ? countryOfTaxId(entered.type, entered.value) : null;
  return country == null ? [] : [country];
}

/** A number that the customer has already is not there twice. */
export function saveTaxId(sandbox: Sandbox, session: CheckoutSession, customer: string): void {
  const entered = session.entered_tax_id;
  if (entered === null || isKnown(sandbox, entered, customer)) return;
  createTaxId(sandbox, { customer, ...entered });
}

/** Whether a customer could have it. */
export function fitsCustomer(sandbox: Sandbox, entered: Entered, customer: string): boolean {
  return isKnown(sandbox, entered, customer) || hasRoomForTaxId(sandbox, customer);
}

function isKnown(sandbox: Sandbox, { type, value }: Entered, customer: string): boolean {
  return taxIdsOf(sandbox, customer).some((known) => known.type === type && known.value === value);
}
