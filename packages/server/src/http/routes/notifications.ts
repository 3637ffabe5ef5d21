import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { changePreferences, readPreferences, type Preferences } from "../../notices/preferences.ts";
import { accountOf, type AppContext, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/notifications.ts";
import type { Services } from "../services.ts";

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

/** A person's own choice; nobody makes it for another. */
export function notificationRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  async function personOf(c: AppContext) {
    const { memberId, role } = c.get("caller");
    if (memberId === null) {
      throw new ProblemError(
        "forbidden",
        "This is about a person, and a key or token of no member is nobody. Sign in as the member.",
      );
    }
    return { accountId: await accountOf(c, services.database), memberId, role };
  }

  app.openapi(readRoute, async (c) =>
    c.json(answerOf(await readPreferences(services, await personOf(c))), 200),
  );

  app.openapi(changeRoute, async (c) => {
    const person = await personOf(c);
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
    return c.json(answerOf(await readPreferences(services, person)), 200);
  });
}

function answerOf({ categories, meters }: Preferences) {
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
