import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportEvents, PastEventResult } from "../usage/import-events.ts";

interface Answer {
  results: { status: "accepted" | "duplicate" | "refused"; code?: string; detail?: string }[];
}

/** Imports through the server that has the data folder: the embedded database takes one process at a time. */
export function importOverHttp(dataFolder: string): ImportEvents {
  const { url, platformKey } = readAddress(dataFolder);
  return async (events) => {
    const body = events.map(({ account, event: { command, properties } }) => ({
      account,
      id: command.eventId,
      meter: command.meterId,
      quantity: command.quantity,
      time: new Date(command.time).toISOString(),
      ...(properties === null ? {} : { properties: JSON.parse(properties) as unknown }),
    }));
    const response = await fetch(`${url}/api/events/backfill`, {
      method: "POST",
      headers: { authorization: `Bearer ${platformKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Answer & { detail?: string };
    if (!response.ok) throw new Error(answer.detail ?? `The server at ${url} answered ${response.status}.`);
    return answer.results.map(({ status, code, detail }): PastEventResult =>
      status === "refused" ? { code: code ?? "refused", detail: detail ?? "It was refused." } : status,
    );
  };
}

function readAddress(dataFolder: string): { url: string; platformKey: string } {
  try {
    return JSON.parse(readFileSync(join(dataFolder, "demo.json"), "utf8")) as {
      url: string;
      platformKey: string;
    };
  } catch (cause) {
    throw new Error(
      `Another process has ${dataFolder} and left no demo.json there to reach it by. Stop it, or wait until it has started.`,
      { cause },
    );
  }
}
