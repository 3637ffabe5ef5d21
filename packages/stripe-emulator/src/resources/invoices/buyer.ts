/** Whom automatic tax taxes: the customer's address and exemption. */
import type { Customer } from "../../entities/customer.ts";
import type { Buyer } from "../../money/tax.ts";
import { invalidRequest } from "../../wire/errors.ts";

/** Null when the customer has no country yet, so that no tax can be computed. */
export function buyerOfCustomer(customer: Customer): Buyer | null {
  const country = customer.address?.country ?? null;
  return country === null ? null : { country, exempt: customer.tax_exempt };
}

/** The same for a request that asks for automatic tax: without a location it is refused. */
export function requireBuyer(customer: Customer): Buyer {
  const buyer = buyerOfCustomer(customer);
  if (buyer !== null) return buyer;
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: "customer_tax_location_invalid", param: "automatic_tax[enabled]" },
  );
}
