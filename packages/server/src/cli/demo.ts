import { join } from "node:path";
import { startStripeEmulator } from "@bursar/stripe-emulator";
import { issueCredential } from "../accounts/credentials.ts";
import { prepareDatabase } from "../accounts/prepare-database.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { pushCatalog } from "../catalog/push.ts";
import { lockFolder } from "../db/folder-lock.ts";
import { openEmbedded, openPostgres, type Database } from "../db/open-database.ts";
import type { Services } from "../http/services.ts";
import { createLog } from "../log.ts";
import { createDemoMailer } from "../mail/demo-mailer.ts";
import { createSmtpMailer } from "../mail/smtp.ts";
import { compose, listen } from "../main.ts";
import type { Outgoing } from "../notices/courier.ts";
import { readSettings, type Settings } from "../settings.ts";
import { createGateway } from "../stripe/gateway.ts";
import { systemClock, systemIds, systemPause } from "../system.ts";
import { openTravellingClock } from "../travel/travelling-clock.ts";
import { DEMO_OWNER_EMAIL, ensureDemoAccount, giveOwnerPassword, issueSignInLink } from "./demo-account.ts";
import { readSecrets, writePrivateJson, writeSecrets, type DemoSecrets } from "./demo-secrets.ts";
import { freePort } from "./free-port.ts";
import { fail, untilStopped, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");
const EMULATOR_KEY = "sk_test_offline";
/** Stripe takes a test clock away after some days, and with it the customer. The demo's data stays for later starts. */
const TEST_CLOCK_LIFE_DAYS = 3_650;

/**
 * The whole product on one machine: embedded database (or DATABASE_URL), offline Stripe, a demo account with some
 * weeks of use and an owner who signs in through the printed link. Returns after Ctrl-C.
 */
export async function demo(env: NodeJS.ProcessEnv): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const settings = readSettings(env, ROOT_FOLDER);
    await start(settings, undo);
    await untilStopped();
    for (const step of undo.reverse()) await step();
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    fail(error);
  }
}

export const command: Command = {
  summary: "the whole product with a demo account and the offline Stripe; what npm start runs",
  help: `Usage: bursar demo

Starts Bursar with the embedded database (or DATABASE_URL), the offline Stripe and a demo account, and prints the
address of its signed-in page. Ctrl-C stops it. docs/settings.md lists the settings.`,
  run: (_args, env) => demo(env),
};

async function start(settings: Settings, undo: (() => Promise<void>)[]): Promise<void> {
  refuseRealStripe(settings);
  const { dataFolder } = settings;
  const catalog = await loadCatalog(settings.catalogPath);
  const port = await freePort(settings.port);
  undo.push(await lockFolder(dataFolder));
  const database =
    settings.databaseUrl === undefined
      ? await openEmbedded(join(dataFolder, "database"))
      : openPostgres(settings.databaseUrl);
  undo.push(() => database.close());
  await prepareDatabase(database, catalog, systemClock.now());

  const stripe = await startStripe(settings, port, undo);
  const secrets = readSecrets(dataFolder);
  const webhookSecret = await connectWebhook(secrets, {
    ...stripe,
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
  });
  writeSecrets(dataFolder, secrets);

  const log = createLog(settings.logLevel);
  const { rawEventsKeptDays } = settings;
  const clock = await openTravellingClock(database, systemClock);
  const { proxyHops, hostTokens } = settings;
  const parts = { database, catalog, clock, ids: systemIds, log, rawEventsKeptDays, proxyHops, hostTokens };
  const travel = { clock, pause: systemPause };
  const outgoing = outgoingOf(settings, { database, port });
  const service = compose({ ...parts, stripe: { ...stripe, webhookSecret }, travel, outgoing });
  undo.push(() => service.stop());
  await pushCatalog(catalog, service.services.gateway);
  const account = await ensureDemoAccount(service.services);
  secrets.ownerPassword ??= await giveOwnerPassword(service.services);
  await catchUp(service.services);
  secrets.platformKey ??= await issuePlatformKey(service.services);
  writeSecrets(dataFolder, secrets);

  const server = await listen(service, port);
  undo.push(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  const signInUrl = `${url}/sign-in?token=${await issueSignInLink(service.services, account)}`;
  writePrivateJson(dataFolder, "demo.json", {
    url,
    signInUrl,
    account: account.accountId,
    email: DEMO_OWNER_EMAIL,
    password: secrets.ownerPassword,
    platformKey: secrets.platformKey,
    stripeUrl: stripe.apiBase,
    stripeKey: stripe.secretKey,
  });
  greet({
    url,
    signInUrl,
    password: secrets.ownerPassword,
    stripeUrl: stripe.apiBase,
    dataFolder,
    isEmbedded: database.kind === "embedded",
  });
}

/** Without an SMTP server mails are shown at /demo/mail, and webhooks may go to a program on this machine. */
function outgoingOf(
  { publicUrl, mail, webhookTargets }: Settings,
  { database, port }: { database: Database; port: number },
): Outgoing {
  return {
    publicUrl: publicUrl ?? `http://127.0.0.1:${port}`,
    mailer:
      mail === undefined
        ? createDemoMailer(database)
        : createSmtpMailer({ url: mail.smtpUrl, from: mail.from }),
    targets: webhookTargets ?? "loopback",
  };
}

/** What an advance left unfinished, and what fell due while the demo was off, happens before the page is served. */
async function catchUp({ travel, log }: Services): Promise<void> {
  await travel?.keepUp().catch((error: unknown) => {
    log.error({ err: error }, "an account's clock could not be moved on; it will be tried again");
  });
}

/** Before anything is opened: the demo makes accounts and moves their time. */
function refuseRealStripe({ stripe }: Settings): void {
  if (/^[sr]k_live_/.test(stripe.secretKey ?? "")) {
    throw new Error(
      "npm start is for trying Bursar and makes a demo account; it does not take a live Stripe key.",
    );
  }
  if (stripe.apiBase === undefined && stripe.secretKey !== undefined) {
    throw new Error(
      "npm start works with the offline Stripe, which needs no STRIPE_SECRET_KEY; with Stripe's own servers use bursar serve (docs/going-to-production.md).",
    );
  }
}

/** The offline Stripe, unless the settings name another. Its port is the one beside ours where that is free. */
async function startStripe(
  { stripe, dataFolder }: Settings,
  port: number,
  undo: (() => Promise<void>)[],
): Promise<{ apiBase: string; secretKey: string }> {
  if (stripe.apiBase !== undefined && stripe.secretKey !== undefined) {
    return { apiBase: stripe.apiBase, secretKey: stripe.secretKey };
  }
  const emulator = await startStripeEmulator({
    port: await freePort(port + 1).catch(() => freePort(0)),
    dataDir: join(dataFolder, "stripe"),
    secretKey: EMULATOR_KEY,
    account: {
      name: "Bursar demo",
      settings: { invoicePrefix: "BRS", portalSettingsSaved: true },
      assumptions: { testClockLifeDays: TEST_CLOCK_LIFE_DAYS },
    },
  });
  undo.push(() => emulator.close());
  return { apiBase: emulator.url, secretKey: emulator.secretKey };
}

/** Points Stripe's webhooks at this service. Stripe tells an endpoint's secret only once, so it is kept. */
async function connectWebhook(
  secrets: DemoSecrets,
  { url, ...stripe }: { apiBase: string; secretKey: string; url: string },
): Promise<string> {
  const gateway = createGateway({ ...stripe, webhookSecret: secrets.webhookSecret ?? "" });
  const endpointId = secrets.webhookSecret === undefined ? undefined : secrets.webhookEndpointId;
  const endpoint = await gateway.ensureWebhookEndpoint({ url, endpointId });
  secrets.webhookEndpointId = endpoint.endpointId;
  secrets.webhookSecret = endpoint.secret ?? secrets.webhookSecret ?? "";
  return secrets.webhookSecret;
}

function issuePlatformKey({ database, clock, ids }: Services): Promise<string> {
  return issueCredential(
    { db: database.kysely, clock, ids },
    { kind: "platform_key", accountId: null, memberId: null, role: "owner", lifetimeMs: null },
  );
}

function greet(facts: {
  url: string;
  signInUrl: string;
  password: string;
  stripeUrl: string;
  dataFolder: string;
  isEmbedded: boolean;
}): void {
  console.log(`
  Bursar is running.

  Billing page    ${facts.signInUrl}
                  signed in as the owner of Acme; later by ${DEMO_OWNER_EMAIL} and ${facts.password}
  API             ${facts.url}/api (the key is in ${join(facts.dataFolder, "demo.json")})
  Offline Stripe  ${facts.stripeUrl} (card 4242 4242 4242 4242 pays, 4000 0000 0000 0002 declines)
  Mails           ${facts.url}/demo/mail (unless BURSAR_SMTP_URL is set)
  Time travel     npx bursar clock advance --days 31 (docs/time-travel.md)
  Data            ${facts.dataFolder}${facts.isEmbedded ? "" : " and the database of DATABASE_URL"}

  Ctrl-C stops it. The data stays for the next start.
`);
}
