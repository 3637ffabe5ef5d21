/** What there is, by kind and by id, each object as the API shows it, with the way to its hosted page. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Env } from "../env.ts";
import { formatAmount } from "../money/amounts.ts";
import type { Html } from "../pages/layout.ts";
import { hostedUrl } from "../resources/invoices/invoice.ts";
import { portalUrl } from "../resources/portal/sessions.ts";
import { findById } from "../resources/registry.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Entity } from "../store/collection.ts";
import { CONTROL, showControl, showTime, type ControlOptions } from "./frame.ts";

/** The newest so many of a kind are listed; older ones are found by id. */
const LISTED = 100;

/** The emulator's own bookkeeping, and what has a page of its own. */
const HIDDEN = [
  "counters",
  "deleted_customers",
  "deliveries",
  "events",
  "finished_deliveries",
  "idempotency_keys",
  "webhook_endpoints",
];

interface Kind {
  name: string;
  label: string;
  size: number;
}

export function kinds(sandbox: Sandbox): Kind[] {
  return sandbox.store
    .collections()
    .filter(({ name }) => !HIDDEN.includes(name))
    .map(({ name, size }) => ({ name, label: labelOf(name), size }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function mountObjects(app: Hono<Env>, { sandbox }: ControlOptions): void {
  app.get(`${CONTROL}/objects`, (c) => {
    const wanted = c.req.query("id")?.trim();
    if (!wanted) return showControl(c, { title: "Objects", part: "/objects", body: searchAndKinds(sandbox) });
    const exact = kinds(sandbox).find(({ name }) => collection(sandbox, name)?.get(wanted) !== undefined);
    if (exact) return c.redirect(`${CONTROL}/objects/${exact.name}/${encodeURIComponent(wanted)}`, 303);
    const body = html`${search(wanted)}
      <p class="alert" role="alert">There is no object with the id ${wanted}.</p>`;
    return showControl(c, { title: "Objects", part: "/objects", body, status: 404 });
  });

  app.get(`${CONTROL}/objects/:kind`, (c) => {
    const name = c.req.param("kind");
    const found = collection(sandbox, name);
    if (found === undefined) {
      const body = html`<p>There is no such kind of object.</p>`;
      return showControl(c, { title: "Objects", part: "/objects", body, status: 404 });
    }
    const newest = found.newestFirst().slice(0, LISTED);
    return showControl(c, {
      title: labelOf(name),
      part: "/objects",
      body: list(name, newest, found.size),
    });
  });

  app.get(`${CONTROL}/objects/:kind/:id`, (c) => {
    const { kind, id } = c.req.param();
    const entity = collection(sandbox, kind)?.get(id);
    if (entity === undefined) {
      const body = html`${search(id)}
        <p>It is not there, or not any more.</p>`;
      return showControl(c, { title: id, part: "/objects", body, status: 404 });
    }
    return showControl(c, { title: id, part: "/objects", body: detail(sandbox, kind, entity) });
  });
}

function collection(sandbox: Sandbox, name: string) {
  if (HIDDEN.includes(name)) return undefined;
  return sandbox.store.collections().find((candidate) => candidate.name === name);
}

function search(value = ""): Html {
  return html`<form class="search" action="${CONTROL}/objects">
    <label for="id">Find by id</label>
    <input id="id" name="id" value="${value}" placeholder="cus_…" autocomplete="off" spellcheck="false" />
    <button>Find</button>
  </form>`;
}

function searchAndKinds(sandbox: Sandbox): Html {
  const rows = kinds(sandbox).map(
    ({ name, label, size }) =>
      html`<li class="row">
        <a href="${CONTROL}/objects/${name}">${label}</a><span class="amount">${size}</span>
      </li>`,
  );
  return html`${search()}
    <section class="sheet" aria-label="Kinds of objects">
      <ul class="rows">
        ${rows}
      </ul>
    </section>`;
}

function list(name: string, newest: Entity[], size: number): Html {
  const rows = newest.map((entity) => {
    const fields = entity as Entity & Record<string, unknown>;
    const created = typeof fields["created"] === "number" ? showTime(fields["created"] * 1000) : "";
    return html`<tr>
      <th scope="row"><a href="${CONTROL}/objects/${name}/${entity.id}">${entity.id}</a></th>
      <td>${summary(fields)}</td>
      <td class="amount">${created}</td>
    </tr>`;
  });
  if (rows.length === 0)
    return html`${search()}
      <p>There are none yet.</p>`;
  return html`${search()}
    <div class="table sheet" tabindex="0" role="region" aria-label="${labelOf(name)}">
      <table>
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">What</th>
            <th scope="col" class="amount">Created</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${size > newest.length ? html`<p class="quiet">The newest ${newest.length} of ${size}.</p>` : ""}`;
}

/** What tells one object of a kind from another. */
function summary(fields: Record<string, unknown>): string {
  const amount = fields["total"] ?? fields["amount"] ?? fields["unit_amount"];
  const { currency } = fields;
  const money =
    typeof amount === "number" && typeof currency === "string" ? formatAmount(amount, currency) : "";
  const texts = ["name", "email", "number", "status", "mode", "description"].map((key) => fields[key]);
  return [...texts.filter((text) => typeof text === "string" && text !== ""), money]
    .filter(Boolean)
    .join(", ");
}

function detail(sandbox: Sandbox, kind: string, entity: Entity): Html {
  const shown = findById(sandbox, entity.id, kind === "coupons" ? "coupon" : kind);
  const link = hostedLink(sandbox, kind, entity.id);
  return html`${link === null ? "" : html`<p><a class="button" href="${link.href}">${link.label}</a></p>`}
    <pre class="sheet" tabindex="0" aria-label="The object as JSON">
${JSON.stringify(typeof shown === "string" ? entity : shown, null, 2)}</pre>`;
}

function hostedLink(sandbox: Sandbox, kind: string, id: string): { href: string; label: string } | null {
  const { store } = sandbox;
  if (kind === "checkout_sessions") return { href: `/c/pay/${id}`, label: "Open the checkout page" };
  if (kind === "invoices") {
    const invoice = store.invoices.get(id);
    if (invoice === undefined || invoice.status === "draft") return null;
    return { href: hostedUrl(sandbox, invoice), label: "Open the invoice page" };
  }
  if (kind === "portal_sessions") {
    const session = store.portalSessions.get(id);
    return session === undefined ? null : { href: portalUrl(sandbox, session), label: "Open the portal" };
  }
  const intent = kind === "payment_intents" ? store.paymentIntents.get(id) : undefined;
  if (intent?.status !== "requires_action") return null;
  return { href: `/authenticate/${intent.client_secret}`, label: "Open the bank's question" };
}
