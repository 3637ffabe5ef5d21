/* Where a browser may be led on to: our own pages, and nobody else's by a link that somebody made up (open redirects). */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextPath } from "../../packages/server/src/http/next-path.ts";
import { newCustomer, stripeOf, type Customer } from "../api/customer.ts";
import { sessionIdIn } from "../api/hosted-page.ts";
import { expectProblem } from "../api/problem.ts";
import { callerOf, databases, startService, type Call, type RunningService } from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const SITE = "https://billing.acme.test";
const PRODUCT = "https://app.acme.test";

/** What readers of addresses, browsers and people take for one site and which is another, or none. */
const STRANGE: readonly (readonly [what: string, address: string])[] = [
  ["another domain", "https://elsewhere.example/"],
  ["no scheme", "//elsewhere.example/"],
  ["a path alone", "/settings/billing"],
  ["backslashes", "https:\\\\elsewhere.example/"],
  ["a backslash after our site", `${SITE}\\@elsewhere.example/`],
  ["our site as the user", `${SITE}@elsewhere.example/`],
  ["our site as user and password", "https://billing.acme.test:443@elsewhere.example/"],
  ["a user before our site", "https://someone@billing.acme.test/settings/billing"],
  ["our site as a name below", `${SITE}.elsewhere.example/`],
  ["a name that ends like ours", "https://notbilling.acme.test/"],
  ["another port", `${SITE}:8443/settings/billing`],
  ["plain http", "http://billing.acme.test/settings/billing"],
  ["an encoded slash in the host", "https://elsewhere.example%2f@billing.acme.test/"],
  ["an encoded @", "https://billing.acme.test%40elsewhere.example/"],
  ["an encoded letter in the host", "https://%65lsewhere.example/"],
  ["a full stop of another script", "https://elsewhere\u3002example/"],
  ["letters of another script", "https://billing.\u0430cme.test/"],
  ["a tab in the scheme", "ht\ttps://elsewhere.example/"],
  ["our site without a slash, then another", `${SITE}?@elsewhere.example/`],
  ["a script", "javascript:alert(document.domain)"],
  ["a script with our site in it", `javascript://billing.acme.test/%0aalert(1)`],
  ["data", "data:text/html,<script>alert(1)</script>"],
  ["another scheme", "ftp://billing.acme.test/"],
  ["a file", "file:///etc/passwd"],
  ["an empty text", ""],
];

describe("a hosted page of Stripe's", () => {
  let running: RunningService;
  let customer: Customer;
  let cookie: Call;
  let token: Call;
  let key: Call;
  beforeAll(async () => {
    running = await startService(open, { publicUrl: SITE });
    customer = await newCustomer(running, { planId: "team", seats: 2 });
    const { accountId } = customer;
    const session = await running.issue("dashboard_session", accountId, "owner");
    cookie = callerOf(running.url, { cookie: `__Host-bursar_session=${session}`, origin: SITE });
    key = customer.call;
    const made = await key<{ token: string }>("POST", "/api/session-tokens", {
      account: accountId,
      role: "owner",
      returnOrigin: PRODUCT,
    });
    token = callerOf(running.url, { authorization: `Bearer ${made.body.token}` });
  });
  afterAll(() => running.stop());

  /** Each place where an address can be named. */
  const places: readonly (readonly [path: string, body: (address: string) => object])[] = [
    ["/api/billing/checkout", (successUrl) => ({ planId: "business", seats: 3, successUrl })],
    ["/api/billing/checkout", (cancelUrl) => ({ planId: "business", seats: 3, cancelUrl })],
    ["/api/billing/credits/checkout", (successUrl) => ({ packId: "credits_1m", successUrl })],
    ["/api/billing/credits/checkout", (cancelUrl) => ({ packId: "credits_1m", cancelUrl })],
    ["/api/billing/portal", (returnUrl) => ({ returnUrl })],
    ["/api/billing/portal", (returnUrl) => ({ returnUrl, flow: "payment_method" })],
  ];

  it.each(STRANGE)("B1 leads no browser back to %s", async (_what, address) => {
    const asked = [cookie, token].flatMap((call) =>
      places.map(([path, body]) => call("POST", path, body(address))),
    );
    for (const answer of await Promise.all(asked)) expectProblem(answer, 400, "invalid_request");
  });

  it("B1 leads nobody, not even a key's caller, to what is no web page or names a user", async () => {
    // A domain in other letters is a domain: where a key's caller leads its own people is its own affair.
    const never = STRANGE.filter(([what]) =>
      /a script|data|a file|no scheme|another scheme|user|empty/.test(what),
    );
    expect(never.length).toBeGreaterThan(8);
    for (const [what, address] of never) {
      const asked = places.map(([path, body]) => key("POST", path, body(address)));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect([what, ...statuses]).toEqual([what, ...places.map(() => 400)]);
    }
  });

  it.each([
    ["a line break", `${SITE}/\nhttps://elsewhere.example/`, `${SITE}/https://elsewhere.example/`],
    ["a space first", ` ${SITE}/settings/billing`, `${SITE}/settings/billing`],
  ])(
    "B1 hands an address with %s to Stripe without it, and it is still ours",
    async (_what, successUrl, address) => {
      const { body } = await cookie<{ url: string }>("POST", "/api/billing/credits/checkout", {
        packId: "credits_1m",
        successUrl,
      });
      const session = await stripeOf(running).checkout.sessions.retrieve(sessionIdIn(body.url));
      expect(session.success_url).toBe(address);
    },
  );

  it("B1 leads back to our own pages, for a token to its product's too, and for a key wherever it says", async () => {
    const own = `${SITE}/settings/billing/return?session_id={CHECKOUT_SESSION_ID}`;
    const taken = [
      [cookie, own],
      [token, own],
      [token, `${PRODUCT}/back?a=%2F%2Felsewhere.example`],
      [key, "https://shop.example/thanks"],
    ] as const;
    for (const [call, address] of taken) {
      for (const [path, body] of places.slice(2)) {
        const { status } = await call("POST", path, body(address));
        expect([path, address, status]).toEqual([path, address, 200]);
      }
    }
    const { status } = await cookie("POST", "/api/billing/portal", { returnUrl: `${PRODUCT}/back` });
    expect(status).toBe(400);
  });
});

describe("after signing in by the product's token", () => {
  const HOME = "/settings/billing";

  it.each([
    ...STRANGE.filter(([what]) => what !== "a path alone"),
    ["a path of the API", "/api/keys"],
    ["a door", "/sign-in/host?token=x"],
    ["the root", "/"],
    ["a step up", "/settings/../api/keys"],
    ["an encoded step up", "/settings/%2e%2e/api/keys"],
    ["two slashes", "//settings/billing"],
    ["a slash and a backslash", "/\\elsewhere.example/settings/"],
    ["backslashes after the beginning", "/settings/\\\\elsewhere.example"],
    ["a screen with a tab", "/settings/\tbilling"],
  ] as const)("B1 %s leads to the home", (_what, wanted) => {
    expect(nextPath(wanted)).toBe(HOME);
  });

  it.each([
    ["/settings/billing/credits", "/settings/billing/credits"],
    ["/settings/members?tab=1#open", "/settings/members?tab=1#open"],
    ["/settings//elsewhere.example/", "/settings//elsewhere.example/"],
    ["/settings/billing?next=//elsewhere.example", "/settings/billing?next=//elsewhere.example"],
  ])("B1 %s leads to %s", (wanted, path) => {
    expect(nextPath(wanted)).toBe(path);
    expect(new URL(path, SITE).origin).toBe(SITE);
  });
});
