/** The hosted pages, all together. */
import type { Hono } from "hono";
import type { Env } from "../env.ts";
import { mountAuthentication } from "./authentication.ts";
import { mountCheckout } from "./checkout-routes.ts";
import { mountCreditNotes } from "./credit-note.ts";
import { mountInvoices } from "./invoice.ts";
import { showMessage } from "./layout.ts";
import type { PageOptions } from "./page-options.ts";
import { StripeError } from "../wire/errors.ts";
import { mountPortal } from "./portal-routes.ts";
import { mountSetupAuthentication } from "./setup-authentication.ts";

export function mountPages(app: Hono<Env>, options: PageOptions): void {
  mountCheckout(app, options);
  mountAuthentication(app, options);
  mountSetupAuthentication(app, options);
  mountPortal(app, options);
  mountCreditNotes(app, options);
  mountInvoices(app, options);
  app.notFound((c) =>
    showMessage(c, {
      title: "No such page",
      text: "This is an offline Stripe. Its API is under /v1; its pages are opened through the addresses that the API gives.",
      status: 404,
    }),
  );
  app.onError((error, c) => {
    // What the API would refuse in these words, such as a change while a test clock advances.
    if (error instanceof StripeError) {
      return showMessage(c, { title: "Not now", text: `${error.message} Nothing was changed.`, status: 400 });
    }
    options.onFailure(error);
    const text = "The emulator failed; its log has the cause. Nothing was charged.";
    return showMessage(c, { title: "Something went wrong", text, status: 500 });
  });
}
