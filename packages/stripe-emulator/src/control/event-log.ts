/** Events, newest first, with what became of each on its way to each endpoint, and a button to send one again. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Delivery, FinishedDelivery, StripeEvent } from "../entities/event.ts";
import type { Env } from "../env.ts";
import type { Html } from "../pages/layout.ts";
import type { Sandbox } from "../sandbox.ts";
import { resendEvent } from "../webhooks/record-events.ts";
import { backTo, CONTROL, noticeOf, showControl, showTime, type ControlOptions } from "./frame.ts";

const LISTED = 50;

export function mountEventLog(app: Hono<Env>, { sandbox, afterAnswer }: ControlOptions): void {
  app.get(`${CONTROL}/events`, (c) => {
    const wanted = c.req.query("find")?.trim() ?? "";
    const found = sandbox.store.events
      .newestFirst()
      .filter(
        (event) =>
          wanted === "" || event.id === wanted || event.type.startsWith(wanted) || isAbout(event, wanted),
      )
      .slice(0, LISTED);
    const body = html`<form class="search" action="${CONTROL}/events">
        <label for="find">Find by type, by its id or the object's</label>
        <input
          id="find"
          name="find"
          value="${wanted}"
          placeholder="invoice. or in_…"
          autocomplete="off"
          spellcheck="false"
        />
        <button>Find</button>
      </form>
      ${found.length === 0 ? html`<p>There are no such events.</p>` : found.map((event) => row(sandbox, event))}`;
    return showControl(c, { title: "Events", part: "/events", body, notice: noticeOf(c) });
  });

  app.post(`${CONTROL}/events/:id/resend`, (c) => {
    const event = sandbox.store.events.get(c.req.param("id"));
    if (event === undefined) return backTo(c, "/events", "There is no such event.");
    const endpoints = [...sandbox.store.webhookEndpoints.values()].filter(
      ({ status }) => status === "enabled",
    );
    sandbox.transaction(() => {
      for (const { id } of endpoints) resendEvent(sandbox.store, event.id, id);
    });
    c.env.outgoing?.once("close", afterAnswer);
    const count = `${endpoints.length} endpoint${endpoints.length === 1 ? "" : "s"}`;
    return backTo(c, "/events", `${event.type} is on its way again to ${count}.`);
  });
}

function isAbout({ data }: StripeEvent, id: string): boolean {
  return data.object["id"] === id;
}

function row(sandbox: Sandbox, event: StripeEvent): Html {
  const { deliveries, finishedDeliveries } = sandbox.store;
  const sent = [...finishedDeliveries.where("event", event.id), ...deliveries.where("event", event.id)];
  const about = typeof event.data.object["id"] === "string" ? event.data.object["id"] : null;
  return html`<article class="sheet" aria-label="${event.type}">
    <div class="row">
      <span>
        <strong>${event.type}</strong><br />
        <span class="quiet">${event.id}, ${showTime(event.created * 1000)}</span>
        ${about === null ? "" : html`<br /><a href="${CONTROL}/objects?id=${about}">${about}</a>`}
      </span>
      <form method="post" action="${CONTROL}/events/${event.id}/resend">
        <button aria-label="Resend ${event.type} ${event.id}">Resend</button>
      </form>
    </div>
    ${
      sent.length === 0
        ? html`<p class="quiet">No endpoint wanted it.</p>`
        : html`<ul class="rows">
            ${sent.map((delivery) => deliveryRow(sandbox, delivery))}
          </ul>`
    }
    <details>
      <summary>The event's object</summary>
      <pre tabindex="0" aria-label="The event's object as JSON">${JSON.stringify(event.data, null, 2)}</pre>
    </details>
  </article>`;
}

function deliveryRow(sandbox: Sandbox, delivery: Delivery | FinishedDelivery): Html {
  const endpoint = sandbox.store.webhookEndpoints.get(delivery.endpoint);
  const outcome = "outcome" in delivery ? delivery.outcome : "waiting";
  const last = delivery.attempts.at(-1);
  const tries = `${delivery.attempts.length} ${delivery.attempts.length === 1 ? "try" : "tries"}`;
  const next =
    "outcome" in delivery || delivery.not_before_ms === 0
      ? ""
      : html`, next at ${showTime(delivery.not_before_ms)}`;
  return html`<li class="row">
    <span class="what">${endpoint?.url ?? `${delivery.endpoint} (deleted)`}</span>
    <span>
      <span class="badge ${outcome}">${outcome}</span>
      <span class="quiet">${tries}${last ? `, ${last.status ?? last.note ?? ""}` : ""}${next}</span>
    </span>
  </li>`;
}
