/** The kind and number of a tax id, as the portal and the checkout page ask for them. */
import { html } from "hono/html";
import { choice, field, type Problems, type Typed } from "./fields.ts";
import type { Html } from "./layout.ts";

/** The kinds that the pages offer; the API takes all that Stripe knows. */
export const TAX_ID_KINDS = [
  { value: "eu_vat", label: "EU VAT number" },
  { value: "gb_vat", label: "UK VAT number" },
  { value: "ch_vat", label: "Swiss VAT number" },
  { value: "no_vat", label: "Norwegian VAT number" },
  { value: "us_ein", label: "US EIN" },
] as const;

export function taxIdFields(typed: Typed, problems: Problems, options: { isOptional?: boolean } = {}): Html {
  return html`<div class="pair">
    ${choice({ name: "tax_id_type", label: "Kind", selected: typed["tax_id_type"] ?? "eu_vat", problems, autocomplete: "off", options: [...TAX_ID_KINDS] })}
    ${field({ typed, problems, name: "tax_id_value", label: "Number", autocomplete: "off", placeholder: "DE123456789", isOptional: options.isOptional ?? false })}
  </div>`;
}
