/** The webhook endpoints: their secrets, which the API shows but once, and what the dashboard can do with them. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import type { Env } from "../env.ts";
import type { Html } from "../pages/layout.ts";
import { rollSecret } from "../resources/webhook-endpoints.ts";
import type { Sandbox } from "../sandbox.ts";
import { backTo, CONTROL, noticeOf, showControl, showTime, type ControlOptions } from "./frame.ts";

export function mountEndpoints(app: Hono<Env>, { sandbox, afterAnswer }: ControlOptions): void {
  app.get(`${CONTROL}/webhooks`, (c) => {
    const endpoints = sandbox.store.webhookEndpoints.newestFirst();
    const body =
      endpoints.length === 0
        ? html`<p>There is none. The API makes them: <code>POST /v1/webhook_endpoints</code>.</p>`
        : html`${endpoints.map((endpoint) => row(sandbox, endpoint))}`;
    return showControl(c, { title: "Webhooks", part: "/webhooks", body, notice: noticeOf(c) });
  });

  app.post(`${CONTROL}/webhooks/:id/:action`, (c) => {
    const { id, action } = c.req.param();
    if (sandbox.store.webhookEndpoints.get(id) === undefined) {
      return backTo(c, "/webhooks", "There is no such endpoint.");
    }
    c.env.outgoing?.once("close", afterAnswer);
    switch (action) {
      case "roll":
        sandbox.transaction(() => rollSecret(sandbox, id));
        return backTo(c, "/webhooks", "The secret is new; for a day the old one signs too.");
      case "enable":
      case "disable": {
        const status = action === "enable" ? "enabled" : "disabled";
        sandbox.transaction(() => sandbox.store.webhookEndpoints.patch(id, { status }));
        return backTo(c, "/webhooks", `The endpoint is ${status}.`);
      }
      default:
        return backTo(c, "/webhooks", "There is no such button.");
    }
  });
}

function row(sandbox: Sandbox, endpoint: WebhookEndpoint): Html {
  const { id, url, status, enabled_events: types, secret, old_secret: old } = endpoint;
  const waiting = sandbox.store.deliveries.where("endpoint", id).length;
  const button = (action: string, label: string) =>
    html`<form method="post" action="${CONTROL}/webhooks/${id}/${action}">
      <button aria-label="${label}: ${url}">${label}</button>
    </form>`;
  return html`<section class="sheet" aria-label="${url}">
    <h2 class="what">${url} <span class="badge ${status}">${status}</span></h2>
    <dl class="facts">
      <dt>Id</dt>
      <dd>${id}</dd>
      <dt>Events</dt>
      <dd>${types.join(", ")}</dd>
      <dt>Version</dt>
      <dd>${endpoint.api_version ?? "the account's"}</dd>
      <dt>Secret</dt>
      <dd><code>${secret}</code></dd>
      ${
        old
          ? html`<dt>Secret before</dt>
              <dd>until ${showTime(old.expires_at * 1000)}</dd>`
          : ""
      }
      <dt>Waiting</dt>
      <dd>${waiting} ${waiting === 1 ? "delivery" : "deliveries"}</dd>
    </dl>
    <p class="actions">
      ${button("roll", "Roll secret")}
      ${status === "enabled" ? button("disable", "Disable") : button("enable", "Enable")}
    </p>
  </section>`;
}
