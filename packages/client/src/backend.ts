import { createRequester, type Requester } from "./requester.ts";
import type { RetryOptions } from "./retry.ts";
import type {
  Account,
  ChangedAccount,
  CheckAnswer,
  CheckRequest,
  IngestAnswer,
  Overrides,
  SessionToken,
  UsageEvent,
} from "./backend-types.ts";
import type { Overview, Role } from "./types.ts";
import { withHold, type HoldCalls, type HoldWork, type WithHoldRequest } from "./with-hold.ts";

export interface BackendOptions {
  /** Where Bursar answers, without a slash at its end. */
  baseUrl: string;
  /** A platform key (`bsk_...`), or an account key (`bak_...`) for its own account. Never sent to a browser. */
  key: string;
  /** After lost answers and refusals that pass, with growing pauses. */
  retry?: RetryOptions;
  /** A try without an answer after this long counts as lost; 30 seconds unless given. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

export interface NewAccount {
  /** The product's own id, by which the account can be named from then on. */
  id?: string;
  name: string;
  email: string;
  ownerEmail?: string;
  /** Mails the owner a link that sets a password and signs them in. */
  inviteOwner?: boolean;
}

/** What the product's backend asks of Bursar. Every call rejects with a `ProblemError` when it is refused. */
export interface Backend {
  /** Makes an account on the free plan; an `id` that is taken is refused as `conflict`. */
  createAccount: (account: NewAccount) => Promise<Account>;
  /** @param id `acc_...` or the product's own */
  account: (id: string) => Promise<Account>;
  setOverrides: (id: string, overrides: Overrides) => Promise<ChangedAccount>;
  /** A token for the browser of an embedded page, an hour at most; 15 minutes unless said. */
  createSessionToken: (request: {
    account: string;
    role: Role;
    ttlSeconds?: number;
    /** Your own site (`https://app.example.com`): without it hosted pages lead that browser back to Bursar only. */
    returnOrigin?: string;
  }) => Promise<SessionToken>;
  /** Usage of many accounts, each event naming its own; up to 1,000 at once. */
  report: (events: readonly (UsageEvent & { account: string })[]) => Promise<IngestAnswer>;
  /** The calls of one account. @param id `acc_...` or the product's own; of an account key nothing */
  forAccount: (id?: string) => AccountBackend;
}

/** What is done for one account: around its metered work. */
export interface AccountBackend extends HoldCalls {
  overview: () => Promise<Overview>;
  /** Reports usage. An event counts once by its id, however often it is sent. */
  report: (events: UsageEvent | readonly UsageEvent[]) => Promise<IngestAnswer>;
  /** Whether it may be done now; changes nothing. To check and record in one step, report with `enforce`. */
  check: (request: CheckRequest) => Promise<CheckAnswer>;
  /**
   * Holds tokens, does the work, settles what it used. On an error what was used until then is settled, and if that is
   * nothing the hold is released. Refused before the work when tokens are short (`insufficient_credits`).
   */
  withHold: <Result>(request: WithHoldRequest, work: HoldWork<Result>) => Promise<Result>;
}

const TIMEOUT_MS = 30_000;

/** @throws TypeError that says what to set, where the address or the key is missing: both are often read from the environment */
export function createBackend(options: BackendOptions): Backend {
  const { baseUrl, key, retry = {}, timeoutMs = TIMEOUT_MS } = options;
  if (!URL.canParse(baseUrl))
    throw new TypeError(
      `createBackend needs baseUrl, the address of Bursar such as http://127.0.0.1:4242, and got ${JSON.stringify(baseUrl)}.`,
    );
  if (!/^b[sa]k_/.test(key))
    throw new TypeError("createBackend needs key, a platform key (bsk_...) or an account key (bak_...).");
  const common = {
    baseUrl: `${baseUrl}/api`,
    token: key,
    retry,
    timeoutMs,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
  } satisfies Parameters<typeof createRequester>[0];
  const platform = createRequester(common);
  return {
    createAccount: (account) => platform.post("/accounts", account, crypto.randomUUID()),
    account: (id) => platform.get(`/accounts/${encodeURIComponent(id)}`),
    setOverrides: (id, overrides) => platform.patch(`/accounts/${encodeURIComponent(id)}`, { overrides }),
    createSessionToken: (request) => platform.postKnown("/session-tokens", request),
    report: (events) => platform.postKnown("/events", events),
    forAccount: (id) =>
      accountBackend(
        createRequester(id === undefined ? common : { ...common, headers: { "Bursar-Account": id } }),
      ),
  };
}

function accountBackend({ get, post, postKnown }: Requester): AccountBackend {
  const account: AccountBackend = {
    overview: () => get("/billing"),
    report: (events) => postKnown("/events", events),
    check: (request) => postKnown("/check", request),
    // The key makes a repeat after a lost answer the same hold: else a second one would keep tokens back for a while.
    hold: (request) => post("/holds", request, crypto.randomUUID()),
    settle: (holdId, tokens, how) =>
      postKnown(`/holds/${encodeURIComponent(holdId)}/settle`, { tokens }, how),
    release: (holdId) => postKnown(`/holds/${encodeURIComponent(holdId)}/release`, {}),
    withHold: (request, work) => withHold(account, request, work),
  };
  return account;
}
