/** Where the links of mails lead. The secret in the address is the credential; whoever looks first changes nothing. */
import { asMemberId } from "@bursar/core";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { findUnsubscription, unsubscribe } from "../../notices/preferences.ts";
import { issueCredential, SIGN_IN_NOW_MS } from "../../accounts/credentials.ts";
import { findAccount } from "../../accounts/store.ts";
import { escape } from "../../mail/render.ts";
import { acceptInvitation, type AcceptOutcome } from "../../seats/accept-invitation.ts";
import type { Variables } from "../caller.ts";
import { form, paragraph, plainPage } from "../plain-page.ts";
import type { Services } from "../services.ts";

const NAME_MAX = 200;

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
    return plainPage(title, about + form(action, {}, `<button>Stop these mails</button>`));
  });

  // A mail program posts here by itself when a person asks it to (RFC 8058), and the page above does.
  app.post("/unsubscribe", async (c) => {
    if (!(await unsubscribe(database, c.req.query("token") ?? ""))) return unknownLink();
    return plainPage("You get no more of these mails", paragraph("Everything else stays as it was."));
  });

  app.get("/invitation", (c) => {
    const token = c.req.query("token") ?? "";
    const field = `<p><label>Your name <input name="name" required maxlength="${NAME_MAX}" autocomplete="name"></label></p><button>Accept</button>`;
    return plainPage("Accept the invitation", form("/invitation", { token }, field));
  });

  app.post("/invitation", async (c) => {
    const sent = await c.req.parseBody();
    const [token, name] = [sent["token"], sent["name"]].map((each) => (typeof each === "string" ? each : ""));
    const given = (name ?? "").trim().slice(0, NAME_MAX);
    if (given === "" || given.includes("\0")) {
      return plainPage("Your name is missing", paragraph("Go back and enter it."));
    }
    const outcome = await acceptInvitation(services, {
      token: token ?? "",
      name: given,
      requestId: c.get("requestId"),
    });
    if (outcome.code === "unknown") return unknownLink();
    if (outcome.code === "expired") {
      return plainPage("This invitation has expired", paragraph("Ask who sent it for a new one."));
    }
    const account = await findAccount(database.kysely, outcome.accountId);
    const text = `You are a member of ${account?.name ?? "the account"} as ${outcome.member.role}.`;
    return plainPage("Welcome", paragraph(text) + (await wayIn(services, outcome)));
  });
}

/**
 * The mail proved whose address it is, so the one who accepts by it is signed in by a link of their own, once. Whoever
 * passed a secret on, or comes a second time, is nobody's proof.
 */
async function wayIn(
  { database, clock, ids }: Services,
  { accountId, member, isProven }: Extract<AcceptOutcome, { code: "accepted" }>,
): Promise<string> {
  if (!isProven) {
    const later =
      "To open billing, sign in as you always do, or ask who runs this service for a sign-in link.";
    return paragraph(later) + `<p><a href="/settings/billing">Go to billing</a>, if you are signed in.</p>`;
  }
  const { memberId, role, name } = member;
  const token = await issueCredential(
    { db: database.kysely, clock, ids },
    {
      kind: "sign_in_link",
      accountId,
      memberId: asMemberId(memberId),
      role,
      lifetimeMs: SIGN_IN_NOW_MS,
      uses: 1,
      createdBy: "invitation",
    },
  );
  const href = `/sign-in?token=${encodeURIComponent(token)}`;
  const once =
    "This works once, within an hour. Whoever else is signed in in this browser is signed out by it.";
  return `<p><a href="${href}">Open billing as ${escape(name)}</a></p>` + paragraph(once);
}

function unknownLink(): Response {
  return plainPage("This link is unknown", paragraph("It was withdrawn, or is too old."));
}
