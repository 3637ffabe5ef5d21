/** The first page: the time, the clocks and what there is. Clocks are moved through the API, as a test would. */
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { TestClock } from "../entities/test-clock.ts";
import type { Env } from "../env.ts";
import type { Html } from "../pages/layout.ts";
import { readForm } from "../pages/page-options.ts";
import type { Sandbox } from "../sandbox.ts";
import { backTo, CONTROL, noticeOf, showControl, showTime, type ControlOptions } from "./frame.ts";
import { kinds } from "./objects.ts";

export function mountOverview(app: Hono<Env>, { sandbox }: ControlOptions): void {
  const show = (c: Context<Env>, alert: string | null) =>
    showControl(c, {
      title: "Overview",
      part: "",
      body: overview(sandbox, alert),
      notice: noticeOf(c),
      status: alert === null ? 200 : 400,
    });
  app.get(CONTROL, (c) => show(c, null));

  app.post(`${CONTROL}/clocks/:id/advance`, async (c) => {
    const { to = "" } = await readForm(c);
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(to) ? Date.parse(`${to}Z`) : NaN;
    if (Number.isNaN(time)) return show(c, "Enter the date and time to move the clock to.");
    const path = `/v1/test_helpers/test_clocks/${encodeURIComponent(c.req.param("id"))}/advance`;
    const headers = { Authorization: `Bearer ${sandbox.secretKey}` };
    const body = new URLSearchParams({ frozen_time: String(time / 1000) });
    const answer = await app.request(path, { method: "POST", headers, body }, c.env);
    if (answer.ok) return backTo(c, "", "The clock is moving.");
    const { error } = (await answer.json()) as { error: { message: string } };
    return show(c, error.message);
  });
}

function overview(sandbox: Sandbox, alert: string | null): Html {
  const clocks = sandbox.store.testClocks.newestFirst();
  const faults = sandbox.faults.list().length;
  return html`${alert === null ? "" : html`<p class="alert" role="alert">${alert}</p>`}
    <section class="sheet" aria-labelledby="time">
      <h2 id="time">Time and account</h2>
      <dl class="facts">
        <dt>Wall clock</dt>
        <dd>${showTime(sandbox.wallNowMs())}</dd>
        <dt>Seller</dt>
        <dd>${sandbox.account.name}, ${sandbox.account.country}</dd>
        <dt>API</dt>
        <dd><code>${sandbox.baseUrl}</code> with the key <code>${sandbox.secretKey}</code></dd>
        <dt>Faults on order</dt>
        <dd><a href="${CONTROL}/faults">${faults === 0 ? "none" : String(faults)}</a></dd>
      </dl>
    </section>
    <section class="sheet" aria-labelledby="clocks">
      <h2 id="clocks">Test clocks</h2>
      ${clocks.length === 0 ? html`<p>There is none. The API makes them: <code>POST /v1/test_helpers/test_clocks</code>.</p>` : clocks.map(clockRow)}
    </section>
    <section class="sheet" aria-labelledby="kinds">
      <h2 id="kinds">Objects</h2>
      <ul class="columns">
        ${kinds(sandbox).map(({ name, label, size }) => html`<li><a href="${CONTROL}/objects/${name}">${label}</a> <span class="quiet">${size}</span></li>`)}
      </ul>
    </section>`;
}

function clockRow(clock: TestClock): Html {
  const field = `to-${clock.id}`;
  const now = new Date(clock.frozen_time * 1000).toISOString().slice(0, 19);
  return html`<div class="row">
    <span>
      <a href="${CONTROL}/objects/test_clocks/${clock.id}"><strong>${clock.id}</strong></a
      ><br />
      <span class="quiet">${showTime(clock.frozen_time * 1000)}</span>
    </span>
    <form class="actions" method="post" action="${CONTROL}/clocks/${clock.id}/advance">
      <label for="${field}">Advance to (UTC)</label>
      <input id="${field}" name="to" type="datetime-local" step="1" min="${now}" value="${now}" required />
      <button>Advance</button>
    </form>
  </div>`;
}
