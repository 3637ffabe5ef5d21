/** What every portal page starts from: the session of its address, whose customer and whose configuration. */
import type { Context } from "hono";
import type { Customer } from "../entities/customer.ts";
import type { PortalFeatures } from "../entities/portal-configuration.ts";
import type { PortalSession } from "../entities/portal-session.ts";
import type { Env } from "../env.ts";
import { portalUrl } from "../resources/portal/sessions.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Problems, Typed } from "./fields.ts";
import { showMessage } from "./layout.ts";

/** A portal address opens pages for an hour after it was made; then a new session is needed. */
const SESSION_SECONDS = 3600;
const UNOPENED_SECONDS = 300;

export interface Portal {
  sandbox: Sandbox;
  session: PortalSession;
  customer: Customer;
  features: PortalFeatures;
  /** The address of its front page. */
  url: string;
}

export interface PortalView {
  typed: Typed;
  problems: Problems;
  alert: string | null;
  notice: string | null;
  /** The form that was sent, which is shown open. */
  form?: "card" | "details";
}

export const QUIET: PortalView = { typed: {}, problems: {}, alert: null, notice: null };

export function openPortal(sandbox: Sandbox, token: string): Portal | undefined {
  const session = sandbox.store.portalSessions.where("token", token)[0];
  if (session === undefined || isOver(sandbox, session)) return undefined;
  if (session.opened_at === undefined) {
    const opened_at = sandbox.wallNow();
    sandbox.transaction(() => sandbox.store.portalSessions.patch(session.id, { opened_at }));
  }
  const customer = sandbox.store.customers.get(session.customer);
  const features = sandbox.store.portalConfigurations.get(session.configuration)?.features;
  if (customer === undefined || features === undefined) return undefined;
  return { sandbox, session, customer, features, url: portalUrl(sandbox, session) };
}

function isOver(sandbox: Sandbox, { created, opened_at }: PortalSession): boolean {
  const age = sandbox.wallNow() - created;
  const isStale =
    sandbox.account.assumptions.portalLife === "five_minutes_unopened" && opened_at === undefined;
  return age > (isStale ? UNOPENED_SECONDS : SESSION_SECONDS);
}

export function showExpired(c: Context<Env>) {
  const text =
    "This address of the billing portal is no longer valid. Open the portal again from where you came.";
  return showMessage(c, { title: "Expired", text, status: 410 });
}

/** What was done, in a sentence: back on the front page, or where the deep link said to go when its work is done. */
export function finish(c: Context<Env>, portal: Portal, done: string, ofFlow?: string) {
  const { flow } = portal.session;
  if (flow !== null && flow.type === ofFlow) {
    if (flow.after.type === "redirect") return c.redirect(flow.after.return_url, 303);
    if (flow.after.type === "hosted_confirmation") {
      const text = flow.after.custom_message ?? done;
      const back = portal.session.return_url;
      const link = back === null ? null : { href: back, label: `Return to ${portal.sandbox.account.name}` };
      return showMessage(c, { title: "Done", text, link });
    }
  }
  return c.redirect(`${portal.url}?home=1&done=${encodeURIComponent(done)}`, 303);
}
