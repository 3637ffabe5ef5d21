import { SECOND_MS } from "@bursar/core";
import { answersQueries, type Database } from "../../db/open-database.ts";
import type { App } from "../app-type.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";

/** A probe that waits longer than a proxy does tells it nothing. */
const ANSWERS_WITHIN_MS = 2 * SECOND_MS;

/**
 * `/healthz`: this process lives, whatever becomes of the database; who restarts what is not healthy would mend nothing.
 * `/readyz`: requests may be sent here. Not while the database is away, nor once this server has been told to stop.
 */
export function healthRoutes(app: App, { database, standing, log }: Services): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    if (standing.isStopping) {
      throw notReady(
        "stopping",
        "This server is stopping: it finishes what it has. Send requests to another.",
      );
    }
    const failure = await failureOf(database);
    if (failure === null) return c.json({ status: "ready" });
    log.warn({ err: failure }, "not ready: the database does not answer");
    const detail = `The database does not answer${wordOf(failure)}. Nothing can be done here until it does; it is tried again by itself.`;
    throw notReady("database", detail);
  });
}

/** `reason` is for machines, the sentence for people. */
const notReady = (reason: "stopping" | "database", detail: string): ProblemError =>
  new ProblemError("unavailable", detail, { extra: { reason } });

/** The code alone: a message may hold an address. */
const wordOf = (failure: Error): string =>
  "code" in failure && typeof failure.code === "string" ? ` (${failure.code})` : "";

/** @returns what keeps it from answering in time; `null`: it answered */
async function failureOf(database: Database): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error("no answer in time")), ANSWERS_WITHIN_MS);
  });
  const asked = answersQueries(database).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  try {
    return await Promise.race([asked, silence]);
  } finally {
    clearTimeout(timer);
  }
}
