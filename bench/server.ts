/*
 * The server under test, a process of its own as in production: the service put together as `main.ts` does it, with
 * the account book or with one of those that it is compared with. Started by `start-server.ts`.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { emptyState, type AccountId } from "@bursar/core";
import { openEmbedded, openPostgres } from "../packages/server/src/db/open-database.ts";
import { createApp } from "../packages/server/src/http/app.ts";
import { createLog } from "../packages/server/src/log.ts";
import { compose, listen, PAGE_FOLDER } from "../packages/server/src/main.ts";
import { systemClock, systemIds } from "../packages/server/src/system.ts";
import { bareCommitBook, emptyBook, naiveBook } from "./naive-book.ts";
import { benchCatalog } from "./place.ts";
import type { BookKind } from "./start-server.ts";

const [url, kind] = process.argv.slice(2) as [string, BookKind];

const EMBEDDED = "embedded:";
const database = url.startsWith(EMBEDDED)
  ? await openEmbedded(url.slice(EMBEDDED.length))
  : openPostgres(url);
const service = compose({
  database,
  rawEventsKeptDays: 90,
  catalog: benchCatalog(),
  clock: systemClock,
  ids: systemIds,
  stripe: { apiBase: await noNews(), secretKey: "sk_test_bench", webhookSecret: "whsec_bench" },
  log: createLog("error"),
});

/** Nothing that is measured talks to Stripe. Jobs that ask it for what is new are told that there is nothing. */
async function noNews(): Promise<string> {
  const nothing = JSON.stringify({ object: "list", data: [], has_more: false, url: "/" });
  const stripe = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(nothing);
  }).listen(0, "127.0.0.1");
  await once(stripe, "listening");
  return `http://127.0.0.1:${(stripe.address() as AddressInfo).port}`;
}

async function otherBook() {
  switch (kind) {
    case "naive":
      return naiveBook(url);
    case "commit":
      return bareCommitBook(url);
    case "none":
      return emptyBook();
    case "ours":
      return service.services.book;
  }
}
/** Knows every account without asking the database: what is left of a check is the HTTP stack and the decision. */
const knownStates = {
  get(accountId: AccountId) {
    const slice = { startsAt: 0, anchorAt: 0, planId: "business", interval: "month", seats: 5 } as const;
    return Promise.resolve(emptyState(accountId, { slices: [slice], overrides: {} }));
  },
};

const others = kind === "none" ? { accountStates: knownStates } : {};
const services = { ...service.services, ...others, book: await otherBook() };
const app = createApp(services, { pageFolder: PAGE_FOLDER });
const { port } = await listen({ ...service, app }, 0);
process.send?.({ port });
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, residentBytes: process.memoryUsage().rss });
});
process.on("disconnect", () => {
  void service
    .stop()
    .then(() => database.close())
    .finally(() => process.exit());
});
