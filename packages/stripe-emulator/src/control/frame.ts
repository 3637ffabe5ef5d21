/** What the parts of the control page share: the frame with its navigation, times, and the answer after a button. */
import type { Context } from "hono";
import { html } from "hono/html";
import type { Env } from "../env.ts";
import type { Sandbox } from "../sandbox.ts";
import { showPage, type Html } from "../pages/layout.ts";

export const CONTROL = "/_emulator";

export interface ControlOptions {
  sandbox: Sandbox;
  /** Called once the answer is out, when webhooks may go. */
  afterAnswer: () => void;
}

const PARTS = [
  { path: "", label: "Overview" },
  { path: "/objects", label: "Objects" },
  { path: "/events", label: "Events" },
  { path: "/webhooks", label: "Webhooks" },
  { path: "/faults", label: "Faults" },
];

export function showControl(
  c: Context<Env>,
  page: { title: string; part: string; body: Html; status?: 200 | 400 | 404; notice?: string | undefined },
) {
  const links = PARTS.map(({ path, label }) => {
    const isHere = page.part === path;
    return html`<li>
      <a href="${CONTROL}${path}" ${isHere ? html`aria-current="page"` : ""}>${label}</a>
    </li>`;
  });
  const body = html`<p class="quiet">Offline Stripe: control page of the emulator</p>
    <nav aria-label="Control page">
      <ul class="tabs">
        ${links}
      </ul>
    </nav>
    <h1 class="title">${page.title}</h1>
    ${page.notice === undefined ? "" : html`<p class="notice" role="status">${page.notice}</p>`} ${page.body}`;
  return showPage(c, { title: `${page.title}: offline Stripe`, body, status: page.status ?? 200 });
}

/** To the second, in UTC, as Stripe counts. */
export function showTime(unixMs: number): Html {
  const iso = new Date(unixMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}

/** Back to a part of the page with a sentence on what was done. */
export function backTo(c: Context<Env>, path: string, done: string): Response {
  return c.redirect(
    `${CONTROL}${path}${path.includes("?") ? "&" : "?"}done=${encodeURIComponent(done)}`,
    303,
  );
}

/** The sentence that `backTo` sent, as long as a sentence may be. */
export function noticeOf(c: Context<Env>): string | undefined {
  return c.req.query("done")?.slice(0, 300);
}
