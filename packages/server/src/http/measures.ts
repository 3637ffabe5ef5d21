import type { Clock } from "@bursar/core";
import type { MiddlewareHandler } from "hono";
import type { Database } from "../db/open-database.ts";
import { readOutboxBacklog } from "../outbox/store.ts";
import { readInboxBacklog } from "../stripe/store-inbox.ts";
import type { Variables } from "./caller.ts";

/** Requests that this process answered, by method and status. Both are few, so the numbers stay few. */
export class RequestCounts {
  readonly #counts = new Map<string, number>();

  counting(): MiddlewareHandler<{ Variables: Variables }> {
    return async (c, next) => {
      await next();
      const labels = `method="${METHODS.has(c.req.method) ? c.req.method : "other"}",status="${c.res.status}"`;
      this.#counts.set(labels, (this.#counts.get(labels) ?? 0) + 1);
    };
  }

  text(): string {
    return inWords("bursar_http_requests_total", "counter", "Requests answered since the start.", [
      ...this.#counts,
    ]);
  }
}

/** Anybody can make a method up. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** What waits to be handled, and since when: the two numbers that grow when a job stands still. */
export async function backlogText({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): Promise<string> {
  const parts = [
    ["bursar_stripe_inbox", "Stripe's events", await readInboxBacklog(database.kysely)],
    ["bursar_outbox", "Notices", await readOutboxBacklog(database.kysely)],
  ] as const;
  const now = clock.now();
  return parts
    .map(([name, what, { waiting, oldestAt }]) => {
      const lagSeconds = oldestAt === null ? 0 : Math.max(0, (now - oldestAt.getTime()) / 1_000);
      return (
        inWords(`${name}_waiting`, "gauge", `${what} that are stored and not handled.`, [["", waiting]]) +
        inWords(`${name}_lag_seconds`, "gauge", `Age of the oldest of them.`, [["", lagSeconds]])
      );
    })
    .join("");
}

/** Prometheus' text format. */
function inWords(
  name: string,
  type: "counter" | "gauge",
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
): string {
  const lines = values.map(([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}
