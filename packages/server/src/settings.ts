import { resolve } from "node:path";

/** Everything that the environment decides, read once. docs/settings.md has a line for each. */
export interface Settings {
  readonly port: number;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly catalogPath: string;
  readonly stripe: {
    readonly apiBase: string | undefined;
    readonly secretKey: string | undefined;
  };
  readonly logLevel: string;
  readonly rawEventsKeptDays: number;
}

/** A setting that cannot be used; the message says which and what it should be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** A quarter, for questions about an invoice. */
const RAW_EVENTS_KEPT_DAYS = 90;

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
  if ((apiBase === undefined) !== (secretKey === undefined)) {
    throw new SettingsError(
      "STRIPE_API_BASE and STRIPE_SECRET_KEY go together: set both, or neither for the offline Stripe.",
    );
  }
  return {
    port: Number(port),
    dataFolder: resolve(env["BURSAR_DATA"] ?? ".bursar"),
    databaseUrl,
    catalogPath: resolve(rootFolder, env["BURSAR_CONFIG"] ?? "bursar.config.ts"),
    stripe: {
      apiBase,
      secretKey,
    },
    logLevel,
    rawEventsKeptDays: Number(rawEventsKeptDays),
  };
}

function optional(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
