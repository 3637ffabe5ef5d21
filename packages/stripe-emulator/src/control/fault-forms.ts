/** Faults by hand: those that are on, and a form that orders the common ones; every field is in the JSON interface. */
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Env } from "../env.ts";
import type { Fault } from "../faults/fault.ts";
import { FAULT_KINDS, parseFault } from "../faults/parse.ts";
import type { Typed } from "../pages/fields.ts";
import type { Html } from "../pages/layout.ts";
import { readForm } from "../pages/page-options.ts";
import type { Sandbox } from "../sandbox.ts";
import { backTo, CONTROL, noticeOf, showControl, type ControlOptions } from "./frame.ts";

export function mountFaultForms(app: Hono<Env>, { sandbox }: ControlOptions): void {
  const { faults } = sandbox;
  const show = (c: Context<Env>, typed: Typed, alert: string | null) =>
    showControl(c, {
      title: "Faults",
      part: "/faults",
      body: html`${active(sandbox)}${form(typed, alert)}`,
      notice: noticeOf(c),
      status: alert === null ? 200 : 400,
    });
  app.get(`${CONTROL}/faults`, (c) => show(c, {}, null));
  app.post(`${CONTROL}/faults/order`, async (c) => {
    const typed = await readForm(c);
    const parsed = parseFault(faultFrom(typed));
    if ("wrong" in parsed) return show(c, typed, parsed.wrong);
    faults.add(parsed);
    return backTo(c, "/faults", "The fault is on.");
  });
  app.post(`${CONTROL}/faults/clear`, async (c) => {
    const { id } = await readForm(c);
    const cleared = faults.clear(id);
    return backTo(c, "/faults", `${cleared} ${cleared === 1 ? "fault is" : "faults are"} off.`);
  });
}

const NUMBERS = ["times", "fraction", "seed", "delay_ms"];

/** Empty fields were not given. */
function faultFrom(typed: Typed): Record<string, unknown> {
  const { stage, ...rest } = typed;
  const given = Object.entries({ ...rest, ...(stage === "after" && { stage }) }).filter(
    ([, value]) => value !== "",
  );
  return Object.fromEntries(
    given.map(([key, value]) => [key, NUMBERS.includes(key) ? Number(value) : value]),
  );
}

function active(sandbox: Sandbox): Html {
  const list = sandbox.faults.list();
  if (list.length === 0) return html`<p>None is on. They end when the emulator does.</p>`;
  return html`<section class="sheet" aria-labelledby="on">
    <h2 id="on">On now</h2>
    <ul class="rows">
      ${list.map(faultRow)}
    </ul>
    <form method="post" action="${CONTROL}/faults/clear"><button>Clear all</button></form>
  </section>`;
}

function faultRow({ id, kind, matched, struck, ...rest }: Fault): Html {
  const details = Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`);
  return html`<li class="row">
    <span class="what">
      <strong>${kind}</strong> ${details.join(", ")}<br />
      <span class="quiet">struck ${struck} of ${matched} that it matched</span>
    </span>
    <form method="post" action="${CONTROL}/faults/clear">
      <input type="hidden" name="id" value="${id}" />
      <button aria-label="Clear ${kind} ${id}">Clear</button>
    </form>
  </li>`;
}

const FIELDS = [
  { name: "method", label: "Method", hint: "POST" },
  { name: "path", label: "Path of requests", hint: "/v1/invoices/*" },
  { name: "last4", label: "Last four digits of the card", hint: "4242" },
  { name: "payment_method", label: "Payment method", hint: "pm_…" },
  { name: "type", label: "Type of webhooks", hint: "invoice.*" },
  { name: "delay_ms", label: "Delay of webhooks in milliseconds", hint: "5000" },
  { name: "times", label: "At most so many times", hint: "no limit" },
  { name: "fraction", label: "Part that is struck, 0 to 1", hint: "1" },
  { name: "seed", label: "Seed", hint: "1" },
];

function form(typed: Typed, alert: string | null): Html {
  return html`<section class="sheet" aria-labelledby="order">
    <h2 id="order">Order a fault</h2>
    ${alert === null ? "" : html`<p class="alert" role="alert">${alert}</p>`}
    <form class="stack" method="post" action="${CONTROL}/faults/order">
      <div class="pair">
        <div class="field">
          <label for="kind">Kind</label>
          <select id="kind" name="kind">
            ${FAULT_KINDS.map((kind) => html`<option ${typed["kind"] === kind ? "selected" : ""}>${kind}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="stage">When, for 500 and time-out</label>
          <select id="stage" name="stage">
            <option value="before">before the work</option>
            <option value="after" ${typed["stage"] === "after" ? "selected" : ""}>after the work</option>
          </select>
        </div>
        ${FIELDS.map(
          ({ name, label, hint }) =>
            html`<div class="field">
              <label for="${name}">${label}</label>
              <input
                id="${name}"
                name="${name}"
                value="${typed[name] ?? ""}"
                placeholder="${hint}"
                autocomplete="off"
              />
            </div>`,
        )}
      </div>
      <p><button>Order</button></p>
      <p class="quiet">
        Leave empty what does not belong to the kind. The same and more:
        <code>POST /_emulator/faults</code> with JSON.
      </p>
    </form>
  </section>`;
}
