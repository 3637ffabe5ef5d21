import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { SECOND_MS } from "@bursar/core";
import { findAccount, listMembers } from "../../accounts/store.ts";
import { listRecentMails } from "../../mail/recent-mails.ts";
import { sendTestMail } from "../../mail/test-mail.ts";
import { changePreferences, readPreferences, type Preferences } from "../../notices/preferences.ts";
import { accountOf, type AppContext, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { iso, isoOrNull, listOf, pageQuery } from "../schemas/common.ts";
import * as schemas from "../schemas/notifications.ts";
import type { Services } from "../services.ts";
import { readTimeCursor, timeCursor } from "./time-cursor.ts";

const readRoute = createRoute({
  method: "get",
  path: "/api/notifications",
  summary: "What you are mailed about",
  responses: answers(schemas.notifications),
});
const changeRoute = createRoute({
  method: "put",
  path: "/api/notifications",
  summary: "Choose what you are mailed about; what is not named stays as it is",
  request: jsonBody(schemas.notificationsRequest),
  responses: answers(schemas.notifications),
});

const mailsRoute = createRoute({
  method: "get",
  path: "/api/notifications/mails",
  summary: "What you were mailed, the newest first; kept for 90 days",
  request: { query: pageQuery },
  responses: answers(listOf(schemas.sentMail)),
});
const testRoute = createRoute({
  method: "post",
  path: "/api/notifications/test",
  summary: "Send yourself a mail now, once a minute at most",
  responses: answers(schemas.testMail),
});

type App = OpenAPIHono<{ Variables: Variables }>;

/** A person's own choice; nobody makes it for another. */
export function notificationRoutes(app: App, services: Services): void {
  async function answerFor(person: Person) {
    const { mailer } = services.courier.mails;
    return {
      ...preferencesAnswer(await readPreferences(services, person)),
      email: person.email,
      sending: mailer?.way ?? ("none" as const),
    };
  }

  app.openapi(readRoute, async (c) => c.json(await answerFor(await personOf(c, services)), 200));

  app.openapi(changeRoute, async (c) => {
    const person = await personOf(c, services);
    const { mail, meters } = c.req.valid("json");
    const outcome = await changePreferences(services, person, { categories: mail, meters });
    if (outcome.code === "required") {
      const detail = `An owner is always told about ${outcome.category}. Nothing was changed.`;
      const errors = [{ path: `mail.${outcome.category}`, message: "cannot be turned off by an owner" }];
      throw new ProblemError("invalid_request", detail, { errors });
    }
    if (outcome.code === "unknown_meter") {
      const detail = `There is no meter ${outcome.meterId}. Nothing was changed.`;
      const errors = [{ path: `meters.${outcome.meterId}`, message: "is not a meter" }];
      throw new ProblemError("invalid_request", detail, { errors });
    }
    return c.json(await answerFor(person), 200);
  });
  mailRoutes(app, services);
}

function mailRoutes(app: App, services: Services): void {
  app.openapi(mailsRoute, async (c) => {
    const person = await personOf(c, services);
    const { limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readTimeCursor(cursor);
    const rows = await listRecentMails(services, person, { limit: limit + 1, after });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const data = page.map(({ noticeId, recipient, createdAt, sentAt, nextTryAt, ...mail }) => ({
      ...mail,
      id: noticeId,
      to: recipient,
      createdAt: iso(createdAt),
      sentAt: isoOrNull(sentAt),
      nextTryAt: isoOrNull(nextTryAt),
    }));
    return c.json({ data, nextCursor: last === undefined ? null : timeCursor(last) }, 200);
  });

  app.openapi(testRoute, async (c) => {
    const person = await personOf(c, services);
    const { mailer, publicUrl } = services.courier.mails;
    if (mailer === null) {
      const detail =
        "No mail server is set here, so nobody is mailed. Who runs this service sets one. Nothing was sent.";
      throw new ProblemError("conflict", detail);
    }
    const account = await findAccount(services.database.kysely, person.accountId);
    const receiver = { ...person, accountName: account?.name ?? "" };
    const outcome = await sendTestMail({ ...services, mailer, publicUrl }, receiver);
    if (outcome.code === "too_soon") {
      const seconds = String(Math.ceil(outcome.waitMs / SECOND_MS));
      const detail = `A test mail was sent to you within the last minute. Wait ${seconds} s. Nothing was sent.`;
      throw new ProblemError("rate_limited", detail, { headers: { "retry-after": seconds } });
    }
    const error = outcome.code === "failed" ? outcome.error : null;
    return c.json({ sent: error === null, to: person.email, error }, 200);
  });
}

type Person = Awaited<ReturnType<typeof personOf>>;

/** @throws where nobody is a person: a key, or a token of no member */
async function personOf(c: AppContext, { database }: Services) {
  const { memberId, role } = c.get("caller");
  if (memberId === null) {
    throw new ProblemError(
      "forbidden",
      "This is about a person, and a key or token of no member is nobody. Sign in as the member.",
    );
  }
  const accountId = await accountOf(c, database);
  const members = await listMembers(database.kysely, accountId);
  const email = members.find((member) => member.memberId === memberId)?.email ?? "";
  return { accountId, memberId, role, email };
}

function preferencesAnswer({ categories, meters }: Preferences) {
  return {
    data: categories.map(({ id, name, about, isWanted, isRequired }) => ({
      // No person is mailed as one who looks after people: that category is of invitations alone.
      category: id as "usage" | "plan" | "credits" | "payments" | "security",
      name,
      description: about,
      mail: isWanted,
      required: isRequired,
    })),
    meters: meters.map(({ id, name, isWanted }) => ({ meter: id, name, mail: isWanted })),
  };
}
