/** Where the links of mails lead. The secret in the address is the credential; whoever looks first changes nothing. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { findUnsubscription, unsubscribe } from "../../notices/preferences.ts";
import { findAccount } from "../../accounts/store.ts";
import type { Variables } from "../caller.ts";
import { form, paragraph, plainPage } from "../plain-page.ts";
import type { Services } from "../services.ts";

export function mailLinkRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database } = services;

  app.get("/unsubscribe", async (c) => {
    const token = c.req.query("token") ?? "";
    const found = await findUnsubscription(database, token);
    if (found === null) return unknownLink();
    const account = await findAccount(database.kysely, found.accountId);
    const action = `/unsubscribe?token=${encodeURIComponent(token)}`;
    const title = `Stop mails about ${found.name.toLowerCase()}`;
    const about = paragraph(`You get them for ${account?.name ?? "an account"}.`);
    return plainPage(title, about + form(action, `<button>Stop these mails</button>`));
  });

  // A mail program posts here by itself when a person asks it to (RFC 8058), and the page above does.
  app.post("/unsubscribe", async (c) => {
    if (!(await unsubscribe(database, c.req.query("token") ?? ""))) return unknownLink();
    return plainPage("You get no more of these mails", paragraph("Everything else stays as it was."));
  });
}

function unknownLink(): Response {
  return plainPage("This link is unknown", paragraph("It was withdrawn, or is too old."));
}
