import { join } from "node:path";
import type { Catalog } from "@bursar/core";
import { refuseRemovedPlans } from "../accounts/removed-plans.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { diffCatalog } from "../catalog/push.ts";
import { migrationStanding } from "../db/migrate.ts";
import { openPostgres, type Database } from "../db/open-database.ts";
import { readServeSettings, type ServeSettings } from "../settings.ts";
import { checkStripe, type WebhookStanding } from "../stripe/check-stripe.ts";
import { createGateway } from "../stripe/gateway.ts";
import { systemClock } from "../system.ts";
import { examineEndpoints, examineMail } from "./doctor-outgoing.ts";
import { bad, note, ok, reasonOf, type Finding } from "./finding.ts";
import { misused, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

export const command: Command = {
  summary: "check the settings of bursar serve and all that it needs; says how to mend each",
  help: `Usage: bursar doctor [--mail-to ADDRESS]

Looks at the settings, the database and its tables, the clocks, the Stripe key, the prices and the webhook at Stripe,
whether the public address leads here, whether the mail server lets us in, and whether the installation's own webhook
endpoints can be reached. It changes nothing and can run beside a busy service. With --mail-to it sends one mail.

Exit code 0: all is well (a line that begins with "note" is for you to judge). 1: something must be mended, or a setting
is missing. 2: called wrongly.`,
  async run(args, env) {
    const findings = await examine(readServeSettings(env, ROOT_FOLDER), readMailTo(args));
    for (const { state, what, mend } of findings) {
      console.log(`${state.padEnd(5)} ${what}${mend === undefined ? "" : `\n      ${mend}`}`);
    }
    if (findings.some(({ state }) => state === "bad")) process.exitCode = 1;
  },
};

function readMailTo(args: readonly string[]): string | undefined {
  const [option, address, ...rest] = args;
  if (option === undefined) return undefined;
  if (option === "--mail-to" && address?.includes("@") === true && rest.length === 0) return address;
  if (option === "--mail-to" && rest.length === 0) {
    return misused(
      command,
      `--mail-to is followed by an e-mail address${address === undefined ? "" : `, not "${address}"`}.`,
    );
  }
  return misused(command, `bursar doctor takes --mail-to ADDRESS or nothing, not "${args.join(" ")}".`);
}

async function examine(settings: ServeSettings, mailTo: string | undefined): Promise<Finding[]> {
  const catalog = await loadCatalog(settings.catalogPath);
  return [
    ok(`the catalogue ${settings.catalogPath} has ${catalog.plans.length} plans`),
    ...(await examineDatabase(settings, catalog)),
    ...(await examineStripe(settings, catalog)),
    ...(await examineAddress(settings)),
    await examineMail(settings, { mailTo, isNeeded: catalog.page.withdrawal !== null }),
  ];
}

/** Beyond it, periods begin visibly early or late, and Stripe's signatures (5 minutes) come near to being refused. */
const SKEW_MS_MAX = 30_000;
const POSTGRES_TESTED = 18;

async function examineDatabase({ databaseUrl }: ServeSettings, catalog: Catalog): Promise<Finding[]> {
  const database = openPostgres(databaseUrl);
  try {
    const { version, pending, unknown, skewMs } = await migrationStanding(database, () => systemClock.now());
    const isTested = Number.parseInt(version, 10) >= POSTGRES_TESTED;
    return [
      isTested
        ? ok(`the database answers: PostgreSQL ${version}`)
        : note(
            `the database is PostgreSQL ${version}`,
            `Bursar is tested with ${POSTGRES_TESTED}. Upgrade it before you rely on it.`,
          ),
      tablesFinding(pending, unknown),
      skewFinding("the database", skewMs),
      ...(pending.length === 0
        ? [...(await examinePlans(database, catalog)), ...(await examineEndpoints(database))]
        : []),
    ];
  } catch (error) {
    return [
      bad(
        `the database of DATABASE_URL cannot be used: ${reasonOf(error)}`,
        "Check that the server runs and can be reached from here, the user, the password, and that the database exists (createdb bursar).",
      ),
    ];
  } finally {
    await database.close();
  }
}

function tablesFinding(pending: readonly string[], unknown: readonly string[]): Finding {
  if (unknown.length > 0) {
    return bad(
      `the database was written by a newer Bursar (${unknown.join(", ")})`,
      "Start that version; an older one does not understand what it finds.",
    );
  }
  if (pending.length === 0) return ok("the tables are those of this version");
  return note(
    `${pending.length} migrations are to be applied`,
    "bursar serve applies them when it starts. Make a backup before.",
  );
}

function skewFinding(whose: string, skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (Math.abs(skewMs) <= SKEW_MS_MAX) return ok(`the clock of ${whose} agrees with this machine's`);
  const sentence = `the clock of ${whose} is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} this machine's`;
  return bad(
    sentence,
    "Let both machines take their time from a time server (NTP): usage windows are cut by it.",
  );
}

async function examinePlans(database: Database, catalog: Catalog): Promise<Finding[]> {
  try {
    await refuseRemovedPlans(database, catalog, systemClock.now());
    return [ok("every account is on a plan of the catalogue")];
  } catch (error) {
    const [what = "", ...mend] = reasonOf(error).split("\n");
    return [bad(what, mend.join(" "))];
  }
}

async function examineStripe(settings: ServeSettings, catalog: Catalog): Promise<Finding[]> {
  const { secretKey, apiBase } = settings.stripe;
  const connection = { secretKey, webhookSecret: "", ...(apiBase === undefined ? {} : { apiBase }) };
  const standing = await checkStripe(connection);
  if (standing.is === "refused") {
    const mend =
      "Take the secret key from Stripe's dashboard, Developers > API keys. A restricted key needs to read webhook endpoints, and to write all that billing writes.";
    return [bad(`Stripe refuses STRIPE_SECRET_KEY: ${standing.reason}`, mend)];
  }
  if (standing.is === "unreachable") {
    const mend = "Check that this machine may open connections to api.stripe.com, port 443.";
    return [bad(`Stripe does not answer: ${standing.reason}`, mend)];
  }
  const gateway = createGateway(connection);
  const changes = await diffCatalog(catalog, gateway);
  return [
    gateway.isTestMode
      ? note(
          "the Stripe key works, in test mode",
          "No real money moves. Go live with a key that begins with rk_live_ or sk_live_.",
        )
      : ok("the Stripe key works, in live mode"),
    changes.length === 0
      ? ok("Stripe has the catalogue's prices")
      : bad(
          `Stripe lacks ${changes.length} prices of the catalogue`,
          "bursar catalog diff shows them, bursar catalog push makes them.",
        ),
    webhookFinding(settings, standing.endpoints),
    await stripeClockFinding(apiBase),
  ];
}

function webhookFinding({ publicUrl }: ServeSettings, endpoints: readonly WebhookStanding[]): Finding {
  const ours = endpoints.filter(({ url }) =>
    publicUrl === undefined ? url.endsWith("/webhooks/stripe") : url === `${publicUrl}/webhooks/stripe`,
  );
  const site = publicUrl ?? "https://YOUR-SITE";
  const [endpoint] = ours.filter(({ isEnabled }) => isEnabled);
  if (endpoint === undefined) {
    return bad(
      `Stripe has no ${ours.length > 0 ? "enabled " : ""}webhook endpoint for ${site}/webhooks/stripe`,
      "Make or enable it in Stripe's dashboard, Developers > Webhooks, and put its signing secret into STRIPE_WEBHOOK_SECRET. Until then changes are followed by a sweep, hours later.",
    );
  }
  if (endpoint.missingEvents.length > 0) {
    return bad(
      `the webhook endpoint ${endpoint.url} is not sent ${endpoint.missingEvents.join(", ")}`,
      "Add these events to the endpoint in Stripe's dashboard.",
    );
  }
  return ok(`Stripe sends its events to ${endpoint.url}`);
}

async function stripeClockFinding(apiBase = "https://api.stripe.com"): Promise<Finding> {
  const response = await fetch(apiBase, { method: "HEAD", signal: AbortSignal.timeout(10_000) }).catch(
    () => null,
  );
  const date = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(date))
    return note("Stripe did not say its time", "Nothing to do; run bursar doctor again.");
  return skewFinding("Stripe", date - systemClock.now());
}

async function examineAddress({ publicUrl }: ServeSettings): Promise<Finding[]> {
  if (publicUrl === undefined) {
    const mend =
      "Set it to the site that people open, as https://billing.example.com: behind a proxy links, cookies and the check against forged requests need it.";
    return [note("BURSAR_PUBLIC_URL is not set", mend)];
  }
  const findings: Finding[] = [];
  if (!publicUrl.startsWith("https:")) {
    findings.push(
      note(
        `${publicUrl} is not https`,
        "Let a proxy with a certificate stand before it: cookies travel in clear else.",
      ),
    );
  }
  try {
    const response = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(10_000) });
    const body = await response.text();
    const isOurs = response.ok && body.includes('"status":"ok"');
    findings.push(
      isOurs
        ? ok(`${publicUrl} leads to Bursar`)
        : bad(
            `${publicUrl}/healthz answers ${response.status}, and not as Bursar does`,
            "Let the proxy hand all paths of the site on to PORT of this service.",
          ),
    );
  } catch (error) {
    findings.push(
      bad(
        `${publicUrl} cannot be reached from here: ${reasonOf(error)}`,
        "Start bursar serve, and check the site's name, its certificate and the proxy before it.",
      ),
    );
  }
  return findings;
}
