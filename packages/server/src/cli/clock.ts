import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "../settings.ts";
import { misused, readWith, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

/** As the demo's route has it. */
const DAYS_MAX = 400;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/;

export const command: Command = {
  summary: "move the clock of an account of the running demo",
  help: `Usage: bursar clock advance --days N [--account ID]
       bursar clock advance --to INSTANT [--account ID]

Moves an account's time on, at the offline Stripe and in Bursar, and waits until everything has followed: renewals,
resets, scheduled changes, retries of a declined card and the end of the grace time.

  --days N       1 to 400
  --to INSTANT   ISO 8601 in UTC, as 2027-03-01T00:00:00Z; ahead of the account's now
  --account ID   acc_... or the product's own id; the demo's account if not given

It asks the demo that runs on BURSAR_DATA. In production there are no clocks to move. docs/time-travel.md has more.

Exit code 0: it was moved and all has followed. 1: it could not be moved. 2: called wrongly.`,
  async run(args, env) {
    const { account, ...request } = readArguments(args);
    const demo = readDemo(readSettings(env, ROOT_FOLDER).dataFolder);
    const response = await askDemo(demo, { account: account ?? demo.account, request });
    const body = (await response.json()) as Answer;
    if (!response.ok) throw new Error(body.detail ?? `The demo answered with status ${response.status}.`);
    console.log(sayWhere(body));
  },
};

interface Demo {
  readonly url: string;
  readonly account: string;
  readonly platformKey: string;
}

/** Of the overview, or of a problem. */
interface Answer {
  readonly account: { readonly name: string };
  readonly plan: { readonly name: string };
  readonly status: "active" | "past_due";
  readonly renewsAt: string | null;
  readonly now: string;
  readonly detail?: string;
}

function readArguments(args: readonly string[]): { days?: number; to?: string; account?: string } {
  const options = { days: { type: "string" }, to: { type: "string" }, account: { type: "string" } } as const;
  const { days, to, account } = readWith(command, () => parseArgs({ args: [...args], options })).values;
  if ((days === undefined) === (to === undefined)) return misused(command, "Name either --days or --to.");
  if (days !== undefined && !(/^[1-9]\d{0,2}$/.test(days) && Number(days) <= DAYS_MAX)) {
    return misused(command, `--days is a whole number from 1 to ${DAYS_MAX}, not "${days}".`);
  }
  if (to !== undefined && !(INSTANT.test(to) && !Number.isNaN(Date.parse(to)))) {
    return misused(command, `--to is an instant in UTC, as 2027-03-01T00:00:00Z, not "${to}".`);
  }
  return {
    ...(days === undefined ? {} : { days: Number(days) }),
    ...(to === undefined ? {} : { to }),
    ...(account === undefined ? {} : { account }),
  };
}

function readDemo(dataFolder: string): Demo {
  const path = join(dataFolder, "demo.json");
  if (!existsSync(path)) {
    throw new Error(
      `There is no demo in ${dataFolder}. Start one with npm start, or set BURSAR_DATA to its folder.`,
    );
  }
  return JSON.parse(readFileSync(path, "utf8")) as Demo;
}

async function askDemo(
  { url, platformKey }: Demo,
  { account, request }: { account: string; request: object },
): Promise<Response> {
  try {
    return await fetch(`${url}/api/demo/advance`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${platformKey}`,
        "bursar-account": account,
        "content-type": "application/json",
      },
      body: JSON.stringify(request),
    });
  } catch (cause) {
    throw new Error(`The demo at ${url} does not answer. Start it with npm start.`, { cause });
  }
}

const day = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

function sayWhere({ account, plan, status, renewsAt, now }: Answer): string {
  const standing = status === "past_due" ? ", past due" : "";
  const renewal = renewsAt === null ? "" : `, renews on ${day(renewsAt)}`;
  return `It is ${day(now)} for ${account.name}: ${plan.name}${standing}${renewal}.`;
}
