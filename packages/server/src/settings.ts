import { resolve } from "node:path";

/** Everything that the environment decides, read once. docs/settings.md has a line for each. */
export interface Settings {
  readonly port: number;
  /** The interface that is listened on. */
  readonly host: string;
  /** Where people and Stripe reach the service, without a slash at its end; by the request's own Host if not given. */
  readonly publicUrl: string | undefined;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly catalogPath: string;
  readonly stripe: {
    readonly apiBase: string | undefined;
    readonly secretKey: string | undefined;
    readonly webhookSecret: string | undefined;
  };
  readonly logLevel: string;
  readonly rawEventsKeptDays: number;
  readonly mail: { readonly smtpUrl: string; readonly from: string } | undefined;
  readonly webhookTargets: (typeof WEBHOOK_TARGETS)[number] | undefined;
  /** What may read `/metrics`; nobody may without. */
  readonly metricsToken: string | undefined;
  /** Requests a minute of each credential. */
  readonly rateLimits: RateLimits;
  /** So many proxies of the operator's stand before the service and add to X-Forwarded-For. */
  readonly proxyHops: number;
  /** Whose tokens sign people in; `undefined`: nobody's. */
  readonly hostTokens: HostSettings | undefined;
  /** So long requests are taken still after a request to stop, while `/readyz` says that they should go elsewhere. */
  readonly drainSeconds: number;
}

/** The product that signs its people in here by a token of its own. */
export interface HostSettings {
  /** Where its public keys are (RFC 7517). */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Requests a minute that each credential may make, by whom it is for. */
export interface RateLimits {
  /** The product's backend: only a bound against a loop gone wild. */
  readonly platform: number;
  readonly account: number;
  /** A browser: a session token, or a person who is signed in. */
  readonly session: number;
}

export const RATE_LIMITS: RateLimits = { platform: 1_200_000, account: 6_000, session: 1_200 };

/** A setting that cannot be used; the message says which and what it should be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** A quarter, for questions about an invoice. */
const RAW_EVENTS_KEPT_DAYS = 90;

const WEBHOOK_TARGETS = ["public", "loopback", "private"] as const;

const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"];

/** @param rootFolder where `bursar.config.ts` stands when BURSAR_CONFIG names no other */
export function readSettings(env: NodeJS.ProcessEnv, rootFolder: string): Settings {
  const port = env["PORT"] ?? "4242";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SettingsError(`PORT is a number from 0 to 65535, not "${port}".`);
  }
  const logLevel = env["BURSAR_LOG"] ?? "warn";
  if (!LOG_LEVELS.includes(logLevel))
    throw new SettingsError(`BURSAR_LOG is one of ${LOG_LEVELS.join(", ")}, not "${logLevel}".`);
  const rawEventsKeptDays = env["BURSAR_RAW_EVENTS_DAYS"] ?? String(RAW_EVENTS_KEPT_DAYS);
  if (!/^[1-9]\d{0,3}$/.test(rawEventsKeptDays)) {
    throw new SettingsError(
      `BURSAR_RAW_EVENTS_DAYS is a number of days from 1 to 9999, not "${rawEventsKeptDays}".`,
    );
  }
  const databaseUrl = optional(env["DATABASE_URL"]);
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new SettingsError(
      "DATABASE_URL begins with postgres://, as postgres://user:password@host:5432/bursar.",
    );
  }
  const apiBase = optional(env["STRIPE_API_BASE"]);
  if (apiBase !== undefined && !URL.canParse(apiBase))
    throw new SettingsError(`STRIPE_API_BASE is an address, not "${apiBase}".`);
  const secretKey = optional(env["STRIPE_SECRET_KEY"]);
  if (secretKey !== undefined && !/^[sr]k_/.test(secretKey)) {
    throw new SettingsError(
      "STRIPE_SECRET_KEY is a secret key (sk_...) or a restricted one (rk_...) of Stripe's dashboard, Developers > API keys.",
    );
  }
  if (apiBase !== undefined && secretKey === undefined) {
    throw new SettingsError(
      "STRIPE_API_BASE and STRIPE_SECRET_KEY go together: set both, or neither for the offline Stripe.",
    );
  }
  const webhookSecret = optional(env["STRIPE_WEBHOOK_SECRET"]);
  if (webhookSecret !== undefined && !webhookSecret.startsWith("whsec_")) {
    throw new SettingsError(
      "STRIPE_WEBHOOK_SECRET begins with whsec_: it is the signing secret of the endpoint in Stripe's dashboard, Developers > Webhooks.",
    );
  }
  return {
    port: Number(port),
    host: optional(env["BURSAR_HOST"]) ?? "127.0.0.1",
    publicUrl: readPublicUrl(optional(env["BURSAR_PUBLIC_URL"])),
    dataFolder: resolve(env["BURSAR_DATA"] ?? ".bursar"),
    databaseUrl,
    catalogPath: resolve(rootFolder, env["BURSAR_CONFIG"] ?? "bursar.config.ts"),
    stripe: {
      apiBase,
      secretKey,
      webhookSecret,
    },
    logLevel,
    rawEventsKeptDays: Number(rawEventsKeptDays),
    metricsToken: readMetricsToken(optional(env["BURSAR_METRICS_TOKEN"])),
    ...readOutgoing(env),
    ...readPeople(env),
    ...readDrain(env),
    rateLimits: {
      platform: readRate(env, "BURSAR_RATE_PLATFORM_KEY", RATE_LIMITS.platform),
      account: readRate(env, "BURSAR_RATE_ACCOUNT_KEY", RATE_LIMITS.account),
      session: readRate(env, "BURSAR_RATE_SESSION", RATE_LIMITS.session),
    },
  };
}

/** A word that somebody would guess is no token. */
const METRICS_TOKEN_LENGTH_MIN = 16;

function readMetricsToken(text: string | undefined): string | undefined {
  if (text === undefined || (text.length >= METRICS_TOKEN_LENGTH_MIN && /^[!-~]+$/.test(text))) return text;
  throw new SettingsError(
    `BURSAR_METRICS_TOKEN is a secret of ${METRICS_TOKEN_LENGTH_MIN} characters or more without spaces: openssl rand -hex 24 makes one.`,
  );
}

/** More than this in a row is a mistake. */
const PROXY_HOPS_MAX = 9;

/** What orchestrators need to notice, and short enough for Docker, which kills after ten. */
const DRAIN_SECONDS = 3;

function readDrain(env: NodeJS.ProcessEnv): Pick<Settings, "drainSeconds"> {
  const text = optional(env["BURSAR_DRAIN_SECONDS"]) ?? String(DRAIN_SECONDS);
  if (!/^\d{1,3}$/.test(text)) {
    throw new SettingsError(`BURSAR_DRAIN_SECONDS is a number of seconds from 0 to 999, not "${text}".`);
  }
  return { drainSeconds: Number(text) };
}

function readPeople(env: NodeJS.ProcessEnv): Pick<Settings, "proxyHops" | "hostTokens"> {
  const hops = optional(env["BURSAR_PROXY_HOPS"]) ?? "0";
  if (!/^\d$/.test(hops)) {
    throw new SettingsError(
      `BURSAR_PROXY_HOPS is how many proxies of yours stand before Bursar, 0 to ${PROXY_HOPS_MAX}, not "${hops}".`,
    );
  }
  const jwksUrl = optional(env["BURSAR_HOST_JWKS_URL"]);
  const issuer = optional(env["BURSAR_HOST_ISSUER"]);
  const audience = optional(env["BURSAR_HOST_AUDIENCE"]);
  const proxyHops = Number(hops);
  if (jwksUrl === undefined && issuer === undefined && audience === undefined) {
    return { proxyHops, hostTokens: undefined };
  }
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) {
    throw new SettingsError(
      "BURSAR_HOST_JWKS_URL, BURSAR_HOST_ISSUER and BURSAR_HOST_AUDIENCE go together: set all three, or none when nobody signs in by the product's token.",
    );
  }
  const url = URL.parse(jwksUrl);
  // Whoever can change the keys on their way can sign in as anybody.
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (!isSafe) {
    throw new SettingsError(`BURSAR_HOST_JWKS_URL is an https address, not "${jwksUrl}".`);
  }
  return { proxyHops, hostTokens: { jwksUrl, issuer, audience } };
}
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function readRate(env: NodeJS.ProcessEnv, name: string, preset: number): number {
  const text = optional(env[name]) ?? String(preset);
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new SettingsError(`${name} is a number of requests a minute from 1, not "${text}".`);
  }
  return Number(text);
}

function readPublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isAddress = /^https?:$/.test(URL.parse(text)?.protocol ?? "");
  // The page stands at the root, and its cookie and origin are the whole site's.
  if (!isAddress || new URL(text).pathname !== "/" || /[?#@]/.test(text)) {
    throw new SettingsError(
      `BURSAR_PUBLIC_URL is the site that people open, as https://billing.example.com, not "${text}".`,
    );
  }
  return new URL(text).origin;
}

/** What the service in production cannot be without. */
export interface ServeSettings extends Settings {
  readonly databaseUrl: string;
  readonly stripe: Settings["stripe"] & { readonly secretKey: string; readonly webhookSecret: string };
}

/** @throws SettingsError that names everything that is missing, not only the first */
export function readServeSettings(env: NodeJS.ProcessEnv, rootFolder: string): ServeSettings {
  const settings = readSettings(env, rootFolder);
  const { databaseUrl, stripe } = settings;
  const { secretKey, webhookSecret } = stripe;
  if (settings.mail !== undefined && settings.publicUrl === undefined) {
    throw new SettingsError(
      "Mails hold links to the page, so BURSAR_SMTP_URL needs BURSAR_PUBLIC_URL beside it.",
    );
  }
  if (databaseUrl !== undefined && secretKey !== undefined && webhookSecret !== undefined) {
    return { ...settings, databaseUrl, stripe: { ...stripe, secretKey, webhookSecret } };
  }
  const missing = [
    databaseUrl === undefined &&
      "DATABASE_URL: a PostgreSQL 18 database, as postgres://user:password@host:5432/bursar",
    secretKey === undefined && "STRIPE_SECRET_KEY: Stripe's dashboard, Developers > API keys, Secret key",
    webhookSecret === undefined &&
      "STRIPE_WEBHOOK_SECRET: Stripe's dashboard, Developers > Webhooks, the signing secret of the endpoint (its address ends in /webhooks/stripe)",
  ].filter((line) => line !== false);
  throw new SettingsError(
    `bursar serve needs ${missing.length === 1 ? "this setting" : "these settings"}:\n  ${missing.join("\n  ")}\nTo try Bursar without any of them: npm start.`,
  );
}

function readOutgoing(env: NodeJS.ProcessEnv): Pick<Settings, "mail" | "webhookTargets"> {
  const smtpUrl = optional(env["BURSAR_SMTP_URL"]);
  const from = optional(env["BURSAR_MAIL_FROM"]);
  // The address may hold a password, so it is not repeated.
  if (smtpUrl !== undefined && !(URL.canParse(smtpUrl) && /^smtps?:\/\//.test(smtpUrl))) {
    throw new SettingsError(
      "BURSAR_SMTP_URL begins with smtps:// or smtp://, as smtps://user:password@host:465.",
    );
  }
  if ((smtpUrl === undefined) !== (from === undefined)) {
    throw new SettingsError(
      "BURSAR_SMTP_URL and BURSAR_MAIL_FROM go together: set both, or neither for no mail.",
    );
  }
  const targets = optional(env["BURSAR_WEBHOOK_TARGETS"]);
  const webhookTargets = WEBHOOK_TARGETS.find((known) => known === targets);
  if (targets !== undefined && webhookTargets === undefined) {
    throw new SettingsError(
      `BURSAR_WEBHOOK_TARGETS is one of ${WEBHOOK_TARGETS.join(", ")}, not "${targets}".`,
    );
  }
  const mail = smtpUrl === undefined || from === undefined ? undefined : { smtpUrl, from };
  return { mail, webhookTargets };
}

function optional(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
