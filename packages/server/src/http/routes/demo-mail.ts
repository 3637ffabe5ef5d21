import type { Instant } from "@bursar/core";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { escape } from "../../mail/render.ts";
import { listDemoMails } from "../../mail/store-demo.ts";
import type { Variables } from "../caller.ts";
import { paragraph, plainPage } from "../plain-page.ts";
import type { Services } from "../services.ts";

const MOMENT = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});
const momentIn = (at: Instant) => `${MOMENT.format(at)} UTC`;

/** The demo's letter box: what people would have got by mail. Mounted only in the demo, which only this machine reaches. */
export function demoMailRoutes(app: OpenAPIHono<{ Variables: Variables }>, { database }: Services): void {
  app.get("/demo/mail", async () => {
    const mails = await listDemoMails(database.kysely);
    const rows = mails.map(
      ({ mailId, recipient, subject, sentAt }) =>
        `<li><a href="/demo/mail/${mailId}">${escape(subject)}</a><br><small>to ${escape(recipient)}, ${momentIn(sentAt)}</small></li>`,
    );
    return plainPage(
      "Mails of the demo",
      rows.length === 0
        ? paragraph(
            "None yet. Reach a limit, cancel a plan, or let a payment fail: what people are mailed is here.",
          )
        : `<ul>${rows.join("\n")}</ul>`,
    );
  });

  app.get("/demo/mail/:id", async (c) => {
    const mails = await listDemoMails(database.kysely);
    const mail = mails.find(({ mailId }) => String(mailId) === c.req.param("id"));
    if (mail === undefined) return c.notFound();
    // Written by ourselves, with every text of others escaped.
    return plainPage(
      mail.subject,
      `<p><small>to ${escape(mail.recipient)}, ${momentIn(mail.sentAt)}</small></p>\n${mail.html}\n<h2>As text</h2><pre>${escape(mail.text)}</pre><p><a href="/demo/mail">All mails</a></p>`,
    );
  });
}
