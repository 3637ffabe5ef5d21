/** The hosted pages, all together. */
import type { Context, Hono } from "hono";
import type { Env } from "../api.ts";
import type { Sandbox } from "../sandbox.ts";
import { mountAuthentication } from "./authentication.ts";
import type { Typed } from "./card-form.ts";
import { mountCheckout } from "./checkout-routes.ts";
import { mountInvoices } from "./invoice.ts";
import { showMessage } from "./layout.ts";
import { mountPortal } from "./portal-routes.ts";

export interface PageOptions {
  sandbox: Sandbox;
  afterAnswer: () => void;
  onFailure: (error: unknown) => void;
}

export function mountPages(app: Hono<Env>, options: PageOptions): void {
  mountCheckout(app, options);
  mountAuthentication(app, options);
  mountPortal(app, options);
  mountInvoices(app, options);
  app.notFound((c) =>
    showMessage(c, {
      title: "No such page",
      text: "This is an offline Stripe. Its API is under /v1; its pages are opened through the addresses that the API gives.",
      status: 404,
    }),
  );
  app.onError((error, c) => {
    options.onFailure(error);
    const text = "The emulator failed; its log has the cause. Nothing was charged.";
    return showMessage(c, { title: "Something went wrong", text, status: 500 });
  });
}

/** The text fields of a submitted page; nothing here takes files. */
export async function readForm(c: Context<Env>): Promise<Typed> {
  const body = await c.req.parseBody();
  const texts = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
