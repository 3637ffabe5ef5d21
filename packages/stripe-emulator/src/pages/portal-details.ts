/** The customer's own details, as far as the configuration lets them be changed, and their tax ids. */
import { html } from "hono/html";
import { addressLines } from "../resources/addresses.ts";
import { taxIdsOf } from "../resources/tax-ids.ts";
import { addressFields, addressFrom, addressProblems } from "./card-form.ts";
import { field, type Problems, type Typed } from "./fields.ts";
import type { Html } from "./layout.ts";
import type { Portal, PortalView } from "./portal-session.ts";
import { TAX_ID_KINDS, taxIdFields } from "./tax-id-fields.ts";

function allows({ features }: Portal, update: string): boolean {
  return features.customer_update.allowed_updates.includes(update);
}

export function detailsSection(portal: Portal, view: PortalView): Html {
  const { customer } = portal;
  const isOpen = view.form === "details" || portal.session.flow?.type === "customer_update";
  return html`<section class="sheet" aria-labelledby="details">
    <h2 id="details">Billing details</h2>
    <dl class="facts">
      <dt>Name</dt>
      <dd>${customer.name ?? "none"}</dd>
      <dt>Email</dt>
      <dd>${customer.email ?? "none"}</dd>
      <dt>Address</dt>
      <dd>${addressLines(customer.address).join(", ") || "none"}</dd>
    </dl>
    ${
      ["name", "email", "address"].some((update) => allows(portal, update))
        ? html`<details ${isOpen ? "open" : ""}>
            <summary>Change name, email or address</summary>
            ${detailsForm(portal, view)}
          </details>`
        : ""
    }
    ${allows(portal, "tax_id") ? taxIds(portal, view) : ""}
  </section>`;
}

function detailsForm(portal: Portal, view: PortalView): Html {
  const { customer, sandbox } = portal;
  const { address } = customer;
  const known = {
    business_name: customer.name,
    email: customer.email,
    line1: address?.line1,
    line2: address?.line2,
    city: address?.city,
    postal_code: address?.postal_code,
  };
  const filled = Object.fromEntries(Object.entries(known).map(([name, value]) => [name, value ?? ""]));
  const isSent = view.form === "details";
  const typed = isSent ? view.typed : filled;
  const problems = isSent ? view.problems : {};
  const country = address?.country ?? sandbox.account.country;
  const email = { name: "email", label: "Email", type: "email", autocomplete: "email", inputmode: "email" };
  return html`<form class="stack" method="post" action="${portal.url}/details" novalidate>
    ${allows(portal, "name") ? field({ typed, problems, name: "business_name", label: "Name", autocomplete: "organization" }) : ""}
    ${allows(portal, "email") ? field({ typed, problems, ...email }) : ""}
    ${allows(portal, "address") ? addressFields(typed, problems, { country, isWhole: true }) : ""}
    <button class="pay" data-busy="Saving…">Save details</button>
  </form>`;
}

function taxIds(portal: Portal, view: PortalView): Html {
  const { customer, sandbox } = portal;
  const rows = taxIdsOf(sandbox, customer.id).map(
    ({ id, type, value }) =>
      html`<div class="row">
        <span
          ><strong>${value}</strong>
          <span class="quiet">${TAX_ID_KINDS.find((kind) => kind.value === type)?.label ?? type}</span></span
        >
        <form method="post" action="${portal.url}/tax-ids/remove">
          <input type="hidden" name="tax_id" value="${id}" />
          <button aria-label="Remove tax id ${value}">Remove</button>
        </form>
      </div>`,
  );
  const problems = view.problems;
  return html`${rows}
    <details ${problems["tax_id_value"] === undefined ? "" : "open"}>
      <summary>Add a tax id</summary>
      <form class="stack" method="post" action="${portal.url}/tax-ids" novalidate>
        ${taxIdFields(view.typed, problems)}
        <button>Save tax id</button>
      </form>
    </details>`;
}

/** The changes that were typed, of those that are allowed, or what is wrong with them. */
export function readDetails(portal: Portal, typed: Typed) {
  const problems: Problems = {};
  const name = typed["business_name"]?.trim() ?? "";
  const email = typed["email"]?.trim() ?? "";
  if (allows(portal, "name") && name === "") problems["business_name"] = "Enter a name.";
  if (allows(portal, "email") && !/^[^\s@]+@[^\s@]+$/.test(email))
    problems["email"] = "Enter an email address.";
  if (allows(portal, "address")) Object.assign(problems, addressProblems(typed, true));
  const changes = {
    ...(allows(portal, "name") && { name }),
    ...(allows(portal, "email") && { email }),
    ...(allows(portal, "address") && { address: addressFrom(typed) }),
  };
  return { problems, changes };
}

export function maySaveTaxIds(portal: Portal): boolean {
  return portal.features.customer_update.enabled && allows(portal, "tax_id");
}
