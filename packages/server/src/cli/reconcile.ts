import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { openPostgres } from "../db/open-database.ts";
import { createLog } from "../log.ts";
import { compose } from "../main.ts";
import { readSettings, type Settings } from "../settings.ts";
import type { ReconcilePage, ReconcileReport } from "../stripe/reconcile.ts";
import { systemClock, systemIds } from "../system.ts";
import { UsageError, type Command } from "./process.ts";
import { askService } from "./running-service.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

export const command: Command = {
  summary: "compare every customer with Stripe, mend what differs and say what it was",
  help: `Usage: bursar reconcile [--account ID] [--json]

Reads everything that Stripe has of each customer and brings our copy to it: subscriptions, invoices, credits that were
paid for and not granted. Each thing that was otherwise is printed as one line. It can run beside a busy service, and
running it twice changes nothing the second time.

  drift        nothing had told us: a webhook was lost, or rows were changed by hand
  not yet      an event about it was stored and not handled yet; it would have been followed in a moment

  --account ID  this account only, by our id or your own
  --json        the report as JSON: { customers, drifts, failures }

With DATABASE_URL and STRIPE_SECRET_KEY it works on that database itself. Without, the service that
runs on BURSAR_DATA does it.

Exit code 0: every customer agrees with Stripe, by now. 1: one or more could not be looked at; the output says which.
2: called wrongly.`,
  async run(args, env) {
    const { account, json } = readArgs(args);
    const settings = readSettings(env, ROOT_FOLDER);
    const report = await reconcile(settings, account, (page) => {
      if (!json) sayDrifts(page);
    });
    console.log(json ? JSON.stringify(report, null, 2) : sayTotals(report));
    if (report.failures.length > 0) process.exitCode = 1;
  },
};

function readArgs(args: readonly string[]): { account: string | undefined; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { account: { type: "string" }, json: { type: "boolean", default: false } },
    });
    return { account: values.account, json: values.json };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. Usage: bursar reconcile [--account ID] [--json]`);
  }
}

type AskPage = (request: { account?: string | undefined; cursor?: string }) => Promise<ReconcilePage>;

async function reconcile(
  settings: Settings,
  account: string | undefined,
  onPage: (page: ReconcileReport) => void,
): Promise<ReconcileReport> {
  const { close, ask } = await connect(settings);
  try {
    let page = await ask({ account });
    onPage(page);
    const total = { customers: page.customers, drifts: [...page.drifts], failures: [...page.failures] };
    while (page.nextCursor !== null) {
      page = await ask({ cursor: page.nextCursor });
      onPage(page);
      total.customers += page.customers;
      total.drifts.push(...page.drifts);
      total.failures.push(...page.failures);
    }
    return total;
  } finally {
    await close();
  }
}

/** The running service does it, or one that is put together here and neither listens nor runs jobs. */
async function connect(settings: Settings): Promise<{ ask: AskPage; close: () => Promise<void> }> {
  const { databaseUrl, dataFolder, stripe, catalogPath, rawEventsKeptDays } = settings;
  const { apiBase, secretKey } = stripe;
  if (databaseUrl === undefined || secretKey === undefined) {
    const ask: AskPage = (request) => askService(dataFolder, "/api/reconciliation", request);
    return { ask, close: () => Promise.resolve() };
  }
  const catalog = await loadCatalog(catalogPath);
  const database = openPostgres(databaseUrl);
  const service = compose({
    database,
    catalog,
    clock: systemClock,
    ids: systemIds,
    stripe: { ...(apiBase === undefined ? {} : { apiBase }), secretKey, webhookSecret: "" },
    log: createLog("silent"),
    rawEventsKeptDays,
    jobsByHand: true,
  });
  return {
    ask: async (request) => {
      const page = await service.services.reconcile(request);
      if (page === null) throw new Error(`There is no account ${request.account}.`);
      return page;
    },
    close: async () => {
      await service.stop();
      await database.close();
    },
  };
}

function sayDrifts({ drifts, failures }: ReconcileReport): void {
  for (const { accountId, sentence, isAnnounced } of drifts) {
    console.log(`${accountId}  ${(isAnnounced ? "not yet" : "drift").padEnd(8)} ${sentence}`);
  }
  for (const { accountId, reason } of failures) console.log(`${accountId}  failed   ${reason}`);
}

function sayTotals({ customers, drifts, failures }: ReconcileReport): string {
  const real = drifts.filter(({ isAnnounced }) => !isAnnounced).length;
  const compared = `${customers} ${customers === 1 ? "customer" : "customers"} compared with Stripe.`;
  const waiting = drifts.length - real === 0 ? "" : `, and ${drifts.length - real} not yet heard of`;
  const mended =
    drifts.length === 0
      ? "Nothing differed."
      : `Mended: ${real} ${real === 1 ? "drift" : "drifts"}${waiting}.`;
  const failed = failures.length === 0 ? "" : ` ${failures.length} could not be looked at: run it again.`;
  return `${compared} ${mended}${failed}`;
}
