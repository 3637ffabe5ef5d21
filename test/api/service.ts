/*
 * The whole service in this process: the real app on a real database, listening on a port, and the offline Stripe on
 * another. Nothing between is replaced. Tests talk to it as a product's backend does, by HTTP.
 */
import { asAccountId, asMemberId, type AccountId, type Catalog, type Clock } from "@bursar/core";
import { startStripeEmulator, type StripeEmulator } from "@bursar/stripe-emulator";
import type { Overview } from "../../packages/client/src/index.ts";
import { createAccount } from "../../packages/server/src/accounts/create-account.ts";
import { issueCredential } from "../../packages/server/src/accounts/credentials.ts";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { pushCatalog } from "../../packages/server/src/catalog/push.ts";
import type { Database } from "../../packages/server/src/db/open-database.ts";
import { createLog } from "../../packages/server/src/log.ts";
import { compose, listen, type Service } from "../../packages/server/src/main.ts";
import type { Outgoing } from "../../packages/server/src/notices/courier.ts";
import { createGateway } from "../../packages/server/src/stripe/gateway.ts";
import type { HostSettings } from "../../packages/server/src/settings.ts";
import { systemClock, systemIds, systemPause } from "../../packages/server/src/system.ts";
import { openTravellingClock } from "../../packages/server/src/travel/travelling-clock.ts";
import { catalog as usual, faultsOf, type BookDatabase } from "../book/databases.ts";

export { databases } from "../book/databases.ts";

type Credential = Parameters<typeof issueCredential>[1];

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export type Call = <Body = unknown>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer<Body>>;

/** An account of its own for a test; `call` speaks for it with the platform key. */
export interface TestAccount {
  readonly accountId: AccountId;
  readonly call: Call;
  overview(): Promise<Overview>;
}

export interface RunningService {
  readonly url: string;
  readonly service: Service;
  readonly database: Database;
  readonly emulator: StripeEmulator;
  readonly webhookSecret: string;
  readonly platformKey: string;
  /** Without any credential, unless the headers bring one. */
  readonly call: Call;
  newAccount(options?: { name?: string; createdAt?: number; ownerEmail?: string }): Promise<TestAccount>;
  /** A secret of this kind for the account, or for a member of it. */
  issue(
    kind: Credential["kind"],
    accountId: AccountId | null,
    role?: Credential["role"],
    memberId?: string,
  ): Promise<string>;
  /** Everything that does not add up in the book: empty when all is well. */
  faults(): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

const METRICS_TOKEN = "metrics-of-the-tests";

/** What Prometheus would read. */
export async function metricsOf({ call }: RunningService): Promise<string> {
  const authorization = `Bearer ${METRICS_TOKEN}`;
  return (await call<string>("GET", "/metrics", undefined, { authorization })).body;
}

export interface ServiceOptions {
  /** Whether Stripe's webhooks reach the service; without them only asking Stripe tells it anything. */
  readonly hasWebhooks?: boolean;
  readonly clock?: Clock;
  /** Jobs run only by `service.runDue()`. */
  readonly jobsByHand?: boolean;
  /** How mails and webhooks leave: nobody is mailed and webhooks go to public addresses, unless it says otherwise. */
  readonly outgoing?: Partial<Outgoing>;
  /** Gets every line of the log, whatever its level. */
  readonly logTo?: (line: string) => void;
  /** Instead of the usual one, which has the same prices. */
  readonly catalog?: Catalog;
  /** Accounts can travel in time, as in the demo; `clock` is then the machine's. */
  readonly canTravel?: boolean;
  /** Whose tokens sign people in. */
  readonly hostTokens?: HostSettings;
  /** Where people reach the service, if not at its own address. */
  readonly publicUrl?: string;
  readonly proxyHops?: number;
}

/** @param open one of `databases`; it is dropped when the service stops */
export async function startService(
  open: () => Promise<BookDatabase>,
  {
    hasWebhooks = true,
    clock: machine = systemClock,
    jobsByHand = false,
    canTravel = false,
    catalog = usual,
    logTo,
    outgoing = {},
    ...surroundings
  }: ServiceOptions = {},
): Promise<RunningService> {
  const opened = await open();
  const { database } = opened;
  const emulator = await startStripeEmulator({
    account: { settings: { portalSettingsSaved: true }, assumptions: { testClockLifeDays: 3_650 } },
    now: () => machine.now(),
  });
  const travelling = canTravel ? await openTravellingClock(database, machine) : null;
  const clock = travelling ?? machine;
  const stripe = { apiBase: emulator.url, secretKey: emulator.secretKey };
  const gateway = createGateway({ ...stripe, webhookSecret: "" });
  // Stripe tells the secret when the endpoint is made, and our port is known only later; so the endpoint moves.
  const endpoint = hasWebhooks
    ? await gateway.ensureWebhookEndpoint({ url: "http://127.0.0.1:9/webhooks/stripe" })
    : { endpointId: "", secret: "whsec_of_no_endpoint" };
  const webhookSecret = endpoint.secret ?? "";
  const service = compose({
    database,
    catalog,
    clock,
    ids: systemIds,
    stripe: { ...stripe, webhookSecret },
    log: logTo === undefined ? createLog("silent") : createLog("trace", { write: logTo }),
    metricsToken: METRICS_TOKEN,
    jobsByHand,
    rawEventsKeptDays: 90,
    ...surroundings,
    outgoing: { publicUrl: "https://billing.acme.test", mailer: null, targets: "public", ...outgoing },
    ...(travelling === null ? {} : { travel: { clock: travelling, pause: systemPause } }),
  });
  const server = await listen(service, 0);
  const url = `http://127.0.0.1:${server.port}`;
  const moved = { url: `${url}/webhooks/stripe`, endpointId: endpoint.endpointId };
  if (hasWebhooks) await gateway.ensureWebhookEndpoint(moved);
  await pushCatalog(catalog, gateway);

  const issue = issuerOf(database, clock);
  const platformKey = await issue("platform_key", null);
  const call = callerOf(url, {});
  return {
    url,
    service,
    database,
    emulator,
    webhookSecret,
    platformKey,
    call,
    issue,
    async newAccount({ name = "Acme", createdAt = clock.now(), ownerEmail = "ann@acme.test" } = {}) {
      const accountId = await insertAccount({ database, clock, name, createdAt, ownerEmail });
      return speakFor(accountId, { url, platformKey });
    },
    faults: async () => [...(await faultsOf(database))],
    async stop() {
      for (const part of [server, { close: () => service.stop() }, emulator, { close: opened.drop }])
        await part.close();
    },
  };
}

function issuerOf({ kysely: db }: Database, clock: Clock): RunningService["issue"] {
  return (kind, accountId, role = "owner", member) => {
    const memberId = member === undefined ? null : asMemberId(member);
    const given = { kind, accountId, memberId, role, lifetimeMs: null };
    return issueCredential({ db, clock, ids: systemIds }, given);
  };
}

function speakFor(
  accountId: AccountId,
  { url, platformKey }: { url: string; platformKey: string },
): TestAccount {
  const call = callerOf(url, { authorization: `Bearer ${platformKey}`, "bursar-account": accountId });
  return { accountId, call, overview: async () => (await call<Overview>("GET", "/api/billing")).body };
}

async function insertAccount(given: {
  database: Database;
  clock: Clock;
  name: string;
  createdAt: number;
  ownerEmail: string;
}): Promise<AccountId> {
  const { database, clock, name, createdAt } = given;
  const owner = { name: "Ann Lindt", email: given.ownerEmail };
  const outcome = await createAccount(
    { database, clock, ids: systemIds, freePlanId: usual.freePlanId },
    { name, email: "billing@acme.test", owner, createdAt, actor: OPERATOR },
  );
  return asAccountId(outcome.accountId);
}

/** @param always sent with each call, unless the call itself says otherwise */
export function callerOf(url: string, always: Record<string, string>): Call {
  return async <Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...always,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  };
}

/** What `POST /api/events` answers. */
export interface Ingested {
  accepted: number;
  duplicates: number;
  refused: number;
  results: { id: string | null; status: string; code?: string; detail?: string }[];
}

/** What `GET /api/billing/usage` answers. */
interface UsageReport {
  plan: string;
  period: { start: string; end: string };
  usage: Record<string, { used: number; limit: number | null }>;
}

/** Used of every meter, as the API tells it. */
export async function usedOf(account: TestAccount): Promise<Record<string, number>> {
  const { body } = await account.call<UsageReport>("GET", "/api/billing/usage");
  return Object.fromEntries(Object.entries(body.usage).map(([meter, { used }]) => [meter, used]));
}
