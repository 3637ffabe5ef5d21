/** Events as they are shown and listed. How they come to be is in webhooks/record-events.ts. */
import type { StripeEvent } from "../entities/event.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { invalidRequest, noSuchObject } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { API_VERSION } from "../wire/params.ts";
import { route } from "../wire/route.ts";
import type { WireObject } from "../wire/shape.ts";
import { complete } from "../wire/shape.ts";

/** `apiVersion` is the endpoint's when it is delivered, the account's when it is listed. */
export function showEvent(sandbox: Sandbox, event: StripeEvent, apiVersion = API_VERSION): WireObject {
  return complete({
    object: "event",
    ...event,
    api_version: apiVersion,
    pending_webhooks: undeliveredTo(sandbox, event.id).length,
  });
}

/** The endpoints, of those that are still there, which an event was meant for and has not reached. */
function undeliveredTo(sandbox: Sandbox, event: string): string[] {
  const { deliveries, finishedDeliveries, webhookEndpoints } = sandbox.store;
  const finished = finishedDeliveries.where("event", event);
  const reached = new Set(
    finished.filter(({ outcome }) => outcome === "delivered").map(({ endpoint }) => endpoint),
  );
  const meantFor = new Set(
    [...deliveries.where("event", event), ...finished].map(({ endpoint }) => endpoint),
  );
  return [...meantFor].filter((id) => !reached.has(id) && webhookEndpoints.get(id) !== undefined);
}

/** What changed between two snapshots of one object: the old values, as `*.updated` events carry them. */
export function previousAttributes(before: WireObject, after: WireObject): Record<string, unknown> {
  const changed = Object.keys(after).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, before[key] ?? null]));
}

/** `customer.*` is every event of customers, `*` every event. */
function isOfType(type: string, pattern: string): boolean {
  return (
    pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)))
  );
}

export const eventRoutes = [
  route<Stripe.EventListParams>("GET /v1/events", ({ sandbox, params, url }) => {
    if (params.type && params.types) {
      throw invalidRequest("You may only specify one of these parameters: type, types.", { param: "types" });
    }
    const patterns = params.types ?? (params.type ? [params.type] : []);
    const all = sandbox.store.events.newestFirst();
    const wanted = patterns.length === 0 ? all : all.filter((e) => patterns.some((p) => isOfType(e.type, p)));
    const { delivery_success: isDelivered } = params;
    const asked =
      isDelivered == null
        ? wanted
        : wanted.filter(({ id }) => (undeliveredTo(sandbox, id).length === 0) === isDelivered);
    return listPage(asked, { params, url, show: (event) => showEvent(sandbox, event) });
  }),
  route("GET /v1/events/{id}", ({ sandbox, id }) => {
    const event = sandbox.store.events.get(id);
    if (event === undefined) throw noSuchObject("event", id);
    return showEvent(sandbox, event);
  }),
];
