/** Webhook endpoints: where events go. The signing secret is shown once, in the answer to the creation. */
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId, randomText } from "../store/ids.ts";
import { invalidRequest, noSuchObject } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { API_VERSION } from "../wire/params.ts";
import { route } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";

/** Stripe's bound on endpoints of one account. */
const MAX_ENDPOINTS = 16;

function showWebhookEndpoint({ secret: _, old_secret: _old, ...endpoint }: WebhookEndpoint): WireObject {
  return complete({ object: "webhook_endpoint", ...endpoint });
}

/** How long the old secret signs beside the new one, in seconds: Stripe's longest. */
const SECRETS_OVERLAP = 24 * 3600;

/** A new signing secret; Stripe has this in its dashboard, so here it is on the control page. */
export function rollSecret(sandbox: Sandbox, id: string): WebhookEndpoint {
  const { secret } = requireEndpoint(sandbox, id);
  return sandbox.store.webhookEndpoints.patch(id, {
    secret: newSecret(),
    old_secret: { secret, expires_at: sandbox.wallNow() + SECRETS_OVERLAP },
  });
}

function newSecret(): string {
  return `whsec_${randomText(32)}`;
}

function checkUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalidRequest(`Invalid URL: ${url} must be an absolute http or https address.`, { param: "url" });
  }
  return url;
}

function requireEndpoint(sandbox: Sandbox, id: string): WebhookEndpoint {
  const endpoint = sandbox.store.webhookEndpoints.get(id);
  if (endpoint === undefined) throw noSuchObject("webhook endpoint", id);
  return endpoint;
}

export const webhookEndpointRoutes = [
  route<Stripe.WebhookEndpointCreateParams>("POST /v1/webhook_endpoints", ({ sandbox, params }) => {
    if (sandbox.store.webhookEndpoints.size >= MAX_ENDPOINTS) {
      throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} webhook endpoints.`);
    }
    const endpoint = sandbox.store.webhookEndpoints.put({
      id: newId("we"),
      created: sandbox.wallNow(),
      url: checkUrl(params.url),
      secret: newSecret(),
      description: params.description ?? null,
      enabled_events: params.enabled_events,
      status: "enabled",
      api_version: params.api_version ?? API_VERSION,
      metadata: mergeMetadata({}, params.metadata),
    });
    return { ...showWebhookEndpoint(endpoint), secret: endpoint.secret };
  }),
  route<Stripe.WebhookEndpointListParams>("GET /v1/webhook_endpoints", ({ sandbox, params, url }) =>
    listPage(sandbox.store.webhookEndpoints.newestFirst(), { params, url, show: showWebhookEndpoint }),
  ),
  route("GET /v1/webhook_endpoints/{id}", ({ sandbox, id }) =>
    showWebhookEndpoint(requireEndpoint(sandbox, id)),
  ),
  route<Stripe.WebhookEndpointUpdateParams>("POST /v1/webhook_endpoints/{id}", ({ sandbox, id, params }) => {
    const endpoint = requireEndpoint(sandbox, id);
    const changed = sandbox.store.webhookEndpoints.patch(id, {
      url: params.url ? checkUrl(params.url) : endpoint.url,
      description: params.description === undefined ? endpoint.description : params.description,
      enabled_events: params.enabled_events ?? endpoint.enabled_events,
      status: params.disabled == null ? endpoint.status : params.disabled ? "disabled" : "enabled",
      metadata: mergeMetadata(endpoint.metadata, params.metadata),
    });
    return showWebhookEndpoint(changed);
  }),
  route("DELETE /v1/webhook_endpoints/{id}", ({ sandbox, id }) => {
    requireEndpoint(sandbox, id);
    for (const { id: delivery } of sandbox.store.deliveries.where("endpoint", id)) {
      sandbox.store.deliveries.delete(delivery);
    }
    sandbox.store.webhookEndpoints.delete(id);
    return { id, object: "webhook_endpoint", deleted: true };
  }),
];
