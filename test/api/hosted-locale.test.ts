/* Whoever reads the page in German reads Stripe's pages in German: each of them is made with the language of the page. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostedPage, Preview } from "../../packages/client/src/index.ts";
import { payHostedPage } from "./hosted-page.ts";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

describe("F3 Stripe's hosted pages", () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(databases[1]!.open);
  });
  afterAll(() => running.stop());

  /** The languages of all sessions of this kind at the offline Stripe, as its control page shows them. */
  async function localesOf(kind: "checkout_sessions" | "portal_sessions"): Promise<string[]> {
    const read = async (path: string) => (await fetch(running.emulator.url + path)).text();
    const list = await read(`/_emulator/objects/${kind}`);
    const paths = new Set([...list.matchAll(new RegExp(`/_emulator/objects/${kind}/\\w+`, "g"))].map(String));
    const found: string[] = [];
    for (const path of paths) {
      const [, locale = "none"] =
        /locale(?:"|&quot;|&#34;): (?:"|&quot;|&#34;)([\w-]+)/.exec(await read(path)) ?? [];
      found.push(locale);
    }
    return found.sort();
  }

  async function open(account: TestAccount, path: string, body: object): Promise<HostedPage> {
    const answer = await account.call<HostedPage>("POST", path, body);
    expect([path, answer.status, answer.body]).toMatchObject([
      path,
      200,
      { url: expect.any(String) as string },
    ]);
    return answer.body;
  }

  it("checkout, packs, the portal, its card form and the confirmation of an upgrade have the page's language", async () => {
    const account = await running.newAccount();
    const plan = { planId: "personal", interval: "month" };
    await open(account, "/api/billing/checkout", plan);
    expect(await localesOf("checkout_sessions")).toEqual(["en"]);
    const { url } = await open(account, "/api/billing/checkout", { ...plan, locale: "de-AT" });
    await payHostedPage(url);
    await expect.poll(async () => (await account.overview()).plan.id, { timeout: 20_000 }).toBe("personal");
    await open(account, "/api/billing/credits/checkout", { packId: "credits_1m", locale: "pt-BR" });
    expect(await localesOf("checkout_sessions")).toEqual(["de", "en", "pt-BR"]);

    await open(account, "/api/billing/portal", {});
    await open(account, "/api/billing/portal", { locale: "de" });
    await open(account, "/api/billing/portal", { flow: "payment_method", locale: "fr" });
    const upgrade = { planId: "team", seats: 2 };
    const { body } = await account.call<Preview>("POST", "/api/billing/preview", upgrade);
    const { quoteId } = body;
    await open(account, "/api/billing/checkout", { ...upgrade, quoteId, locale: "es" });
    expect(await localesOf("portal_sessions")).toEqual(["de", "en", "es", "fr"]);
  });

  it("what is no language is refused, and one that Stripe does not have is English", async () => {
    const account = await running.newAccount();
    const plan = { planId: "personal", interval: "month" };
    const refused = await account.call<object>("POST", "/api/billing/checkout", {
      ...plan,
      locale: "de; drop",
    });
    expect([refused.status, refused.body]).toMatchObject([400, { code: "invalid_request" }]);
    const before = await localesOf("checkout_sessions");
    await open(account, "/api/billing/checkout", { ...plan, locale: "eo" });
    expect(await localesOf("checkout_sessions")).toEqual([...before, "en"].sort());
  });
});
