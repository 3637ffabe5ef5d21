import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { SECOND_MS, type Overrides } from "@bursar/core";
import { createAccount } from "../../accounts/create-account.ts";
import { issueCredential } from "../../accounts/credentials.ts";
import { findAccount, type AccountRow } from "../../accounts/store.ts";
import { welcome } from "../../people/welcome.ts";
import { setOverrides, type OverridesOutcome } from "../../subscriptions/set-overrides.ts";
import { actorOf, requirePlatformKey, resolveAccount, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/accounts.ts";
import { iso } from "../schemas/common.ts";
import type { Services } from "../services.ts";

const createAccountRoute = createRoute({
  method: "post",
  path: "/api/accounts",
  summary: "Make an account on the free plan",
  request: jsonBody(schemas.newAccount),
  responses: answers(schemas.account),
});
const readAccountRoute = createRoute({
  method: "get",
  path: "/api/accounts/{id}",
  summary: "An account, by our id or the product's own",
  request: { params: z.object({ id: z.string().max(200) }) },
  responses: answers(schemas.account),
});
const changeAccountRoute = createRoute({
  method: "patch",
  path: "/api/accounts/{id}",
  summary:
    "Set an operator's exceptions: a custom plan with its seats, limits and prices of its own (platform key)",
  request: { params: z.object({ id: z.string().max(200) }), ...jsonBody(schemas.accountPatch) },
  responses: answers(schemas.changedAccount),
});
const sessionTokenRoute = createRoute({
  method: "post",
  path: "/api/session-tokens",
  summary: "A token for the browser of an embedded page, an hour at most",
  request: jsonBody(schemas.tokenRequest),
  responses: answers(schemas.sessionToken),
});

export function accountRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, clock, ids, catalog } = services;

  app.openapi(createAccountRoute, async (c) => {
    requirePlatformKey(c);
    const { id: externalId, name, email, ownerEmail = email, inviteOwner } = c.req.valid("json");
    const outcome = await createAccount(
      { database, clock, ids, freePlanId: catalog.freePlanId },
      { name, email, externalId, owner: { name: ownerEmail, email: ownerEmail }, actor: actorOf(c) },
    );
    if (outcome.code === "external_id_taken") {
      throw new ProblemError(
        "conflict",
        `The id ${externalId} belongs to an account already (${outcome.accountId}). Nothing was made.`,
      );
    }
    if (inviteOwner) await welcome(services, { email: ownerEmail, accountId: outcome.accountId });
    const account = await findAccount(database.kysely, outcome.accountId);
    return c.json(
      {
        id: outcome.accountId,
        externalId: externalId ?? null,
        name,
        email,
        createdAt: account!.createdAt.toISOString(),
        overrides: {},
      },
      200,
    );
  });

  const read = async (named: string): Promise<z.output<typeof schemas.account>> => {
    const accountId = await resolveAccount(database, named);
    const account = await findAccount(database.kysely, accountId);
    if (account === null) throw new ProblemError("not_found", "There is no such account.");
    return accountAnswer(account, named);
  };
  app.openapi(readAccountRoute, async (c) => {
    requirePlatformKey(c);
    return c.json(await read(c.req.valid("param").id), 200);
  });

  app.openapi(changeAccountRoute, async (c) => {
    requirePlatformKey(c);
    const named = c.req.valid("param").id;
    const given = Object.entries(c.req.valid("json").overrides).filter(([, value]) => value !== undefined);
    const accountId = await resolveAccount(database, named);
    const patch = Object.fromEntries(given);
    const outcome = await setOverrides(services, accountId, { patch, actor: actorOf(c) });
    if (outcome.code !== "set") return refuseOverrides(outcome);
    return c.json({ ...(await read(named)), warnings: outcome.warnings.map((each) => ({ ...each })) }, 200);
  });

  app.openapi(sessionTokenRoute, async (c) => {
    requirePlatformKey(c);
    const body = c.req.valid("json");
    const accountId = await resolveAccount(database, body.account);
    const lifetimeMs = body.ttlSeconds * SECOND_MS;
    const secret = await issueCredential(
      { db: database.kysely, clock, ids },
      {
        kind: "session_token",
        accountId,
        memberId: null,
        role: body.role,
        lifetimeMs,
        ...(body.returnOrigin === undefined ? {} : { returnOrigin: body.returnOrigin }),
      },
    );
    return c.json({ token: secret, expiresAt: iso(clock.now() + lifetimeMs) }, 200);
  });
}

function accountAnswer(account: AccountRow, named: string): z.output<typeof schemas.account> {
  const { accountId, name, email, createdAt, overrides } = account;
  const externalId = named === accountId ? null : named;
  const createdIso = iso(createdAt.getTime());
  return {
    id: accountId,
    externalId,
    name,
    email,
    createdAt: createdIso,
    overrides: shownOverrides(overrides),
  };
}

function shownOverrides({
  limits,
  prices,
  ...arranged
}: Overrides): z.output<typeof schemas.account>["overrides"] {
  return {
    ...arranged,
    ...(limits === undefined ? {} : { limits: { ...limits } }),
    ...(prices === undefined ? {} : { prices: { ...prices } }),
  };
}

function refuseOverrides(outcome: Exclude<OverridesOutcome, { code: "set" }>): never {
  switch (outcome.code) {
    case "not_found":
      throw new ProblemError("not_found", "There is no such account.");
    case "mistaken": {
      const sentences = outcome.mistakes.map(({ path, message }) => `${path} ${message}`);
      const errors = outcome.mistakes;
      throw new ProblemError("invalid_request", `${sentences.join("; ")}. Nothing was changed.`, { errors });
    }
    case "seats_in_use":
      throw new ProblemError(
        "seats_in_use",
        `${outcome.usedSeats} seats are taken, more than ${outcome.seats}. Give at least as many. Nothing was changed.`,
      );
    case "has_subscription":
      throw new ProblemError(
        "conflict",
        `Stripe goes on charging this account for ${outcome.planId}. Cancel that plan first (POST /api/billing/cancel): it may run out beside the arranged one. Nothing was changed.`,
      );
  }
}
