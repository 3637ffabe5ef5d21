import { join } from "node:path";
import { SECOND_MS, type Catalog } from "@bursar/core";
import { prepareDatabase } from "../accounts/prepare-database.ts";
import { diffCatalog, sayPriceChange } from "../catalog/push.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { openPostgres, type Database } from "../db/open-database.ts";
import type { Services } from "../http/services.ts";
import { createLog } from "../log.ts";
import { createSmtpMailer } from "../mail/smtp.ts";
import { compose, listen } from "../main.ts";
import { createMetrics } from "../metrics.ts";
import type { Outgoing } from "../notices/courier.ts";
import { readServeSettings, type ServeSettings } from "../settings.ts";
import { systemClock, systemIds, systemPause } from "../system.ts";
import { sayWhatIsAway } from "./operator-database.ts";
import { fail, untilStopped, UsageError, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

export const command: Command = {
  summary: "the service in production: your PostgreSQL, your Stripe account",
  help: `Usage: bursar serve

Runs the API, the page and the jobs on DATABASE_URL with the Stripe account of STRIPE_SECRET_KEY, until it is stopped
(Ctrl-C or SIGTERM): then /readyz says 503 for BURSAR_DRAIN_SECONDS while requests are taken still, after that it takes
no new one, finishes those under way, and ends with 0. A second signal ends it at once (130 or 143). Any number may run
on one database. New tables are made at the start.

  DATABASE_URL            postgres://user:password@host:5432/bursar
  STRIPE_SECRET_KEY       rk_live_..., sk_live_... or those of a sandbox
  STRIPE_WEBHOOK_SECRET   whsec_... of the endpoint https://YOUR-SITE/webhooks/stripe
  BURSAR_PUBLIC_URL       https://YOUR-SITE
  PORT, BURSAR_HOST       4242 and 127.0.0.1
  BURSAR_DRAIN_SECONDS    3

bursar doctor checks all of it. docs/going-to-production.md goes through it step by step.`,
  async run(args, env) {
    if (args.length > 0) throw new UsageError(`bursar serve takes no arguments, not "${args.join(" ")}".`);
    const undo: (() => Promise<void>)[] = [];
    // From before it serves on: a signal that comes while it starts must not end it in the middle of a request.
    const stopped = untilStopped();
    try {
      await start(readServeSettings(env, ROOT_FOLDER), undo);
      await stopped;
    } finally {
      // One that fails, as without a database, keeps no other from being done.
      for (const step of undo.reverse()) await step().catch(fail);
    }
    console.log("Bursar has stopped.");
  },
};

async function start(settings: ServeSettings, undo: (() => Promise<void>)[]): Promise<void> {
  const catalog = await loadCatalog(settings.catalogPath);
  const database = openPostgres(settings.databaseUrl);
  undo.push(() => database.close());
  await prepare(database, catalog);

  const { secretKey, webhookSecret, apiBase } = settings.stripe;
  const service = compose({
    database,
    catalog,
    clock: systemClock,
    ids: systemIds,
    stripe: { secretKey, webhookSecret, ...(apiBase === undefined ? {} : { apiBase }) },
    log: createLog(settings.logLevel),
    metrics: createMetrics({ hasProcess: true }),
    metricsToken: settings.metricsToken,
    rawEventsKeptDays: settings.rawEventsKeptDays,
    publicUrl: settings.publicUrl,
    outgoing: outgoingOf(settings),
    rateLimits: settings.rateLimits,
    proxyHops: settings.proxyHops,
    hostTokens: settings.hostTokens,
  });
  undo.push(() => service.stop());
  const server = await listen(service, settings.port, settings.host);
  undo.push(() => server.close(systemPause(settings.drainSeconds * SECOND_MS)));
  const mode = service.services.gateway.isTestMode ? "Stripe's test mode" : "Stripe's live mode";
  console.log(`Bursar is serving on http://${settings.host}:${server.port}, with ${mode}.`);
  await warnOfCatalog(service.services);
}

/** Without an SMTP server nobody is mailed; webhooks go to public addresses unless the operator says more. */
function outgoingOf({ publicUrl, mail, webhookTargets }: ServeSettings): Outgoing {
  return {
    publicUrl: publicUrl ?? "http://127.0.0.1",
    mailer: mail === undefined ? null : createSmtpMailer({ url: mail.smtpUrl, from: mail.from }),
    targets: webhookTargets ?? "public",
  };
}

async function prepare(database: Database, catalog: Catalog): Promise<void> {
  const applied = await prepareDatabase(database, catalog, systemClock.now()).catch(sayWhatIsAway);
  if (applied.length > 0) console.log(`The database has its tables: ${applied.join(", ")}.`);
}

/** Usage must go on being recorded while Stripe does not answer, so none of this keeps the service from running. */
async function warnOfCatalog({ catalog, gateway }: Services): Promise<void> {
  try {
    const changes = await diffCatalog(catalog, gateway);
    if (changes.length === 0) return;
    console.error(
      `Stripe does not have the catalogue, so these cannot be bought. Run bursar catalog push:\n${changes.map((change) => `  ${sayPriceChange(change)}`).join("\n")}`,
    );
  } catch (error) {
    console.error(
      `Stripe could not be asked for its prices: ${error instanceof Error ? error.message : String(error)} Run bursar doctor.`,
    );
  }
}
