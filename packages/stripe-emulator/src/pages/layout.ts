/** The frame of every hosted page, its headers, and the few pieces that several pages share. */
import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Env } from "../env.ts";
import { STYLE } from "./style.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Page {
  title: string;
  body: Html;
  status?: 200 | 400 | 402 | 404 | 410 | 500;
  isNarrow?: boolean;
  /** A script of the page itself; pages work without it. */
  script?: string;
}

/** Nothing comes from elsewhere, nothing runs but the page's own script, and nobody may frame it. */
export function showPage(c: Context<Env>, page: Page): Response | Promise<Response> {
  const nonce = randomBytes(12).toString("base64");
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  const script =
    page.script === undefined
      ? ""
      : html`<script nonce="${nonce}">
          ${raw(page.script)};
        </script>`;
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${page.title}</title>
          <style nonce="${nonce}">
            ${raw(STYLE)}
          </style>
        </head>
        <body>
          <header class="test-note">Offline test page: no bank is asked and no money moves.</header>
          <main class="${page.isNarrow ? "narrow" : ""}">${page.body}</main>
          ${script}
        </body>
      </html>`,
    page.status ?? 200,
  );
}

/** A page that says one thing. */
export function showMessage(
  c: Context<Env>,
  message: {
    title: string;
    text: string;
    link?: { href: string; label: string } | null;
    status?: Page["status"];
  },
) {
  const link = message.link
    ? html`<p><a class="button" href="${message.link.href}">${message.link.label}</a></p>`
    : "";
  const body = html`<section class="sheet">
    <h2>${message.title}</h2>
    <p>${message.text}</p>
    ${link}
  </section>`;
  return showPage(c, { title: message.title, body, isNarrow: true, status: message.status ?? 200 });
}

/** `2026-11-24` in words that no country reads differently. */
export function formatDate(unixSeconds: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(
    unixSeconds * 1000,
  );
}

/** Buttons that pay are pressed once: the second press of an impatient hand does nothing. */
export const SUBMIT_ONCE = `
document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", () => {
  const button = form.querySelector("button[data-busy]");
  if (!button) return;
  setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; });
}));
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
`;
