/*
 * docs/going-to-production.md: its commands, typed in their order on an empty PostgreSQL database and the offline Stripe,
 * and its lists for Stripe's dashboard held against the code.
 */
import { globSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startStripeEmulator } from "@bursar/stripe-emulator";
import Stripe from "stripe";
import { expect, it } from "vitest";
import { EVENTS } from "../../packages/server/src/stripe/webhook-endpoint.ts";
import { freePort } from "../support/free-port.ts";
import { createDatabase } from "../support/postgres.ts";
import { readGuide, ROOT } from "./blocks.ts";
import { isWay, pairsOf } from "./pairs.ts";
import { newFolder, plainEnv } from "./reader.ts";
import { replaceAll, typeGuide } from "./shell.ts";

const FILE = "docs/going-to-production.md";
const guide = readGuide(FILE);

it("B5 the commands of going to production lead from nothing to a service that is well", async () => {
  const database = await createDatabase();
  const stripe = await startStripeEmulator();
  const folder = newFolder();
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const sdk = new Stripe(stripe.secretKey, { host: stripe.host, port: stripe.port, protocol: "http" });
    // What the guide has done in Stripe's dashboard.
    const endpoint = await sdk.webhookEndpoints.create({
      url: `${url}/webhooks/stripe`,
      enabled_events: eventsOfGuide() as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
      api_version: Stripe.API_VERSION,
    });
    const here = {
      "postgres://bursar:PASSWORD@db.internal:5432/bursar": database.url,
      "rk_test_...": stripe.secretKey,
      "whsec_...": endpoint.secret!,
      "https://billing.example.com": url,
      "http://127.0.0.1:4242": url,
      // No mail server stands beside the test, and doctor would say so.
      "BURSAR_SMTP_URL=smtps://user:password@mail.example.com:465": "",
      'BURSAR_MAIL_FROM="Acme billing <billing@example.com>"': "",
    };
    const pairs = pairsOf(FILE);
    const [settings] = pairs.find(([, way]) => isWay(way, "file"))!;
    writeFileSync(join(folder, "bursar.env"), replaceAll(settings.text, here));
    // The rest of the clone that the guide stands in.
    for (const name of ["bursar.config.ts", "packages"]) symlinkSync(join(ROOT, name), join(folder, name));
    const env = { ...plainEnv(), PORT: String(port), STRIPE_API_BASE: stripe.url };
    // The catalogue's path is taken from Bursar's own folder.
    const world = {
      folder,
      env,
      here: { ...here, "set +a": `set +a; BURSAR_CONFIG="${folder}/my.config.ts"` },
    };
    const { exitCode, all } = await typeGuide(pairs, world);
    expect(exitCode, all).toBe(0);
    for (const said of [
      "Bursar is serving on",
      "the Stripe key works, in test mode",
      "Stripe has the catalogue's prices",
      `Stripe sends its events to ${url}/webhooks/stripe`,
      `${url} leads to Bursar`,
      `${url}/sign-in?token=`,
    ]) {
      expect(all).toContain(said);
    }
    expect(all).toMatch(/^bsk_[\w-]+$/m);
    expect(all).not.toMatch(/^bad /m);
  } finally {
    await stripe.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

const eventsOfGuide = () =>
  pairsOf(FILE).flatMap(([{ text }, way]) => (way === "events" ? text.trim().split("\n") : []));

it("B5 S7 the guide's list of events is what the inbox handles, and its version is the one that is spoken", () => {
  expect(eventsOfGuide()).toEqual(EVENTS);
  expect(guide).toContain(`\`${Stripe.API_VERSION}\``);
});

const READS = ["list", "retrieve"];

/** `customers` => write: what the service asks of Stripe. Test clocks are the demo's alone. */
function rightsInCode(): Map<string, "read" | "write"> {
  const rights = new Map<string, "read" | "write">();
  for (const file of globSync("packages/server/src/stripe/*.ts", { cwd: ROOT })) {
    if (/\.test\.ts$|test-clocks\.ts$/.test(file)) continue;
    const source = readFileSync(join(ROOT, file), "utf8").replaceAll(/\s/g, "");
    for (const [, resource = "", verb = ""] of source.matchAll(/[sS]tripe\.((?:\w+\.)*\w+)\.(\w+)\(/g)) {
      if (/^(testHelpers|webhooks$|errors)/.test(resource)) continue;
      if (!READS.includes(verb) || !rights.has(resource)) {
        rights.set(resource, READS.includes(verb) ? "read" : "write");
      }
    }
  }
  return rights;
}

it("B5 the restricted key may do what the code asks of Stripe, and no more", () => {
  const rows = [...guide.matchAll(/^\| [^|]+ \| (read|write) +\| ([^|]+)\|$/gm)];
  const inGuide = rows.flatMap(([, right, codes = ""]) =>
    [...codes.matchAll(/`([\w.]+)`/g)].map(([, resource]) => `${resource} ${right}`),
  );
  // Only the demo makes its endpoint itself; doctor reads those that an operator made.
  const inCode = [...rightsInCode()].map(([resource, right]) =>
    resource === "webhookEndpoints" ? `${resource} read` : `${resource} ${right}`,
  );
  expect(inGuide.filter((each) => !each.startsWith("bursar ")).sort()).toEqual(inCode.sort());
});

it("the unit of systemd starts a file that is there", () => {
  const [, file = ""] = /^ExecStart=\/usr\/bin\/node (\S+) serve$/m.exec(guide) ?? [];
  expect(readFileSync(join(ROOT, file), "utf8")).toContain("#!/usr/bin/env node");
});
