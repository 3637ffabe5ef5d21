import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { AccountId } from "@bursar/core";
import { ingest, type IncomingEvent } from "../../usage/ingest.ts";
import { accountOf, requireKey, resolveAccount, type AppContext, type Variables } from "../caller.ts";
import { answers } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import {
  cloudEvent,
  EVENTS_PER_REQUEST_MAX,
  ingestAnswer,
  usageEvent,
  type UsageEvent,
} from "../schemas/usage.ts";
import type { Services } from "../services.ts";

const JSON_TYPE = "application/json";
const CLOUD_EVENT = "application/cloudevents+json";
const CLOUD_EVENTS = "application/cloudevents-batch+json";

const eventsRoute = createRoute({
  method: "post",
  path: "/api/events",
  summary: "Report usage: one event or a list of up to 1,000",
  request: {
    body: {
      required: true,
      content: {
        [JSON_TYPE]: { schema: z.union([usageEvent, z.array(usageEvent)]) },
        [CLOUD_EVENT]: { schema: cloudEvent },
        [CLOUD_EVENTS]: { schema: z.array(cloudEvent) },
      },
    },
  },
  responses: answers(ingestAnswer),
});

/**
 * Each event of a list is judged by itself, so the body is not checked as a whole: one bad event must not lose its
 * neighbours (U3). A single enforced event over its limit is 402.
 */
export function eventsRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  app.openAPIRegistry.registerPath(eventsRoute);
  app.post("/api/events", async (c) => {
    requireKey(c);
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
    if (![JSON_TYPE, CLOUD_EVENT, CLOUD_EVENTS].includes(mediaType)) {
      throw new ProblemError(
        "unsupported_media_type",
        `Send events as ${JSON_TYPE}, ${CLOUD_EVENT} or ${CLOUD_EVENTS}.`,
      );
    }
    const isBinary = mediaType === JSON_TYPE && c.req.header("ce-specversion") !== undefined;
    const body = isBinary ? await readBinary(c) : await readJson(c);
    const isList = Array.isArray(body);
    const sent: unknown[] = isList ? body : [body];
    if (sent.length > EVENTS_PER_REQUEST_MAX) {
      throw new ProblemError(
        "too_large",
        `A request takes ${EVENTS_PER_REQUEST_MAX} events at most, not ${sent.length}. Nothing was recorded: send them in parts.`,
      );
    }
    const resolve = accountResolver(c, services);
    const isCloud = isBinary || mediaType !== JSON_TYPE;
    // Together, so that the accounts of a list are looked up by one statement.
    const incoming = await Promise.all(sent.map((each) => readIncoming(each, { isCloud, resolve })));
    const results = await ingest(services, incoming);

    const [only] = results;
    if (!isList && only?.status === "refused") throw singleRefusal(only);
    const undecided = results.find((result) => result.code === "unavailable");
    // A sender that only looks at the status must not take a list for done of which nothing is.
    if (undecided !== undefined && results.every((result) => result.status === "refused")) {
      throw singleRefusal(undecided);
    }
    const count = (status: string) => results.filter((result) => result.status === status).length;
    return c.json({
      accepted: count("accepted"),
      duplicates: count("duplicate"),
      refused: count("refused"),
      results,
    });
  });
}

async function readJson(c: AppContext): Promise<unknown> {
  try {
    return (await c.req.json()) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError("invalid_json", "The body is not JSON. Nothing was recorded.");
  }
}

type Resolve = (named: string | undefined) => Promise<AccountId>;

/** A list mostly names few accounts; each is looked up once. */
function accountResolver(c: AppContext, { database }: Services): Resolve {
  const known = new Map<string, Promise<AccountId>>();
  return (named) => {
    const key = named ?? "";
    const found =
      known.get(key) ??
      (named === undefined || c.get("caller").accountId !== null
        ? accountOf(c, database, named)
        : resolveAccount(database, named));
    known.set(key, found);
    return found;
  };
}

/**
 * CloudEvents 1.0, binary mode: what describes the event is in `ce-` headers (percent-encoded where it is not plain
 * ASCII), and the body is its data.
 */
async function readBinary(c: AppContext): Promise<unknown> {
  const attributes = ["specversion", "id", "source", "type", "subject", "time"].flatMap((name) => {
    const value = c.req.header(`ce-${name}`);
    return value === undefined ? [] : [[name, decodePercent(value)]];
  });
  const hasBody = (await c.req.text()) !== "";
  return { ...Object.fromEntries(attributes), ...(hasBody ? { data: await readJson(c) } : {}) };
}

function decodePercent(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

async function readIncoming(
  sent: unknown,
  { isCloud, resolve }: { isCloud: boolean; resolve: Resolve },
): Promise<IncomingEvent> {
  const parsed = isCloud ? cloudEvent.safeParse(sent) : usageEvent.safeParse(sent);
  const id =
    typeof sent === "object" && sent !== null && "id" in sent && typeof sent.id === "string" ? sent.id : null;
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "event"}: ${issue.message}`,
    );
    return { id, refusal: { code: "invalid_event", detail: `${reasons.join("; ")}.` } };
  }
  const event = "specversion" in parsed.data ? fromCloudEvent(parsed.data) : parsed.data;
  try {
    return { id: event.id, accountId: await resolve(event.account), event };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { id: event.id, refusal: { code: error.code, detail: error.message } };
  }
}

/** CloudEvents are unique by source and id together; ours by one id. A source holds no space, so the two stay apart. */
function fromCloudEvent({ id, source, type, subject, time, data }: z.output<typeof cloudEvent>): UsageEvent {
  const { quantity, enforce, ...properties } = data;
  return { id: `${source} ${id}`, meter: type, quantity, enforce, properties, account: subject, time };
}

function singleRefusal({ code, detail }: { code?: string; detail?: string }): ProblemError {
  const sentence = detail ?? "The event was refused.";
  if (code === "limit_reached" || code === "insufficient_credits") return new ProblemError(code, sentence);
  if (code === "unavailable" || code === "internal" || code === "not_found")
    return new ProblemError(code, sentence);
  return new ProblemError("invalid_request", sentence, { errors: [{ path: "event", message: sentence }] });
}
