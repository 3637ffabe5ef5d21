/** Whom automatic tax taxes: the customer's address, exemption and VAT numbers. */
import type { Customer } from "../../entities/customer.ts";
import type { Buyer } from "../../money/tax.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { vatCountriesOf } from "../tax-ids.ts";

/** Null when the customer has no country yet, so that no tax can be computed. */
export function buyerOfCustomer(sandbox: Sandbox, customer: Customer): Buyer | null {
  const country = customer.address?.country ?? null;
  if (country === null) return null;
  return { country, exempt: customer.tax_exempt, vatCountries: vatCountriesOf(sandbox, customer.id) };
}

/** The same for a request that asks for automatic tax: without a location it is refused. */
export function requireBuyer(sandbox: Sandbox, customer: Customer): Buyer {
  const buyer = buyerOfCustomer(sandbox, customer);
  if (buyer !== null) return buyer;
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: "customer_tax_location_invalid", param: "automatic_tax[enabled]" },
  );
}
