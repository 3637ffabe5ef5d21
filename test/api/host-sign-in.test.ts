/* The product signs its people in by a token of its own (B2): a session for one account, once, and nothing a token does not say. */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const ISSUER = "https://product.test";
const AUDIENCE = "bursar";

let running: RunningService;
let keyServer: Server;
let account: TestAccount;
let sign: (claims: JWTPayload, how?: { alg?: string; kid?: string }) => Promise<string>;
let last = 0;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const known = { ...(await exportJWK(publicKey)), kid: "first", alg: "ES256" };
  const stranger = await generateKeyPair("ES256");
  keyServer = createServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [known] })),
  );
  await once(keyServer.listen(0, "127.0.0.1"), "listening");
  const { port } = keyServer.address() as AddressInfo;
  const hostTokens = { jwksUrl: `http://127.0.0.1:${port}/keys`, issuer: ISSUER, audience: AUDIENCE };
  running = await startService(open, { jobsByHand: true, hostTokens });
  account = await running.newAccount();
  sign = (claims, { alg = "ES256", kid = "first" } = {}) => {
    const token = new SignJWT(claims).setProtectedHeader({ alg, kid });
    if (alg === "HS256") return token.sign(new TextEncoder().encode(JSON.stringify(known)));
    return token.sign(kid === "first" ? privateKey : stranger.privateKey);
  };
});
afterAll(async () => {
  await running.stop();
  keyServer.close();
});

/** What a good token says, made now and good for a minute. */
function claims(): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  const jti = `token-${(last += 1)}-of-the-test`;
  return {
    ...{ iss: ISSUER, aud: AUDIENCE, sub: "user_7", jti, iat: now, exp: now + 60 },
    ...{ account: account.accountId, role: "billing" },
  };
}

const enter = (token: string, next = "/settings/billing/credits"): Promise<Response> =>
  fetch(`${running.url}/sign-in/host`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ token, next }),
  });

it("B2 a good token becomes a session with the role that it names, and leads to the screen that was asked for", async () => {
  const answer = await enter(await sign(claims()));
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/settings/billing/credits"]);
  const cookie = answer.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/i);
  const headers = { cookie: cookie.split(";")[0]! };
  const overview = await running.call<{ account: { id: string } }>("GET", "/api/billing", undefined, headers);
  expect([overview.status, overview.body.account.id]).toEqual([200, account.accountId]);
  // `billing` changes billing and no members.
  const invited = await running.call(
    "POST",
    "/api/members",
    { invitations: [{ email: "bo@acme.test", role: "member" }] },
    {
      ...headers,
      origin: running.url,
    },
  );
  expect(invited.status).toBe(403);
});

it("B2 opens one session: the same token again is refused", async () => {
  const token = await sign(claims());
  expect((await enter(token)).status).toBe(303);
  expect((await enter(token)).status).toBe(401);
});

it("B2 leads nobody on to another site", async () => {
  const places = ["https://evil.test/settings/billing", "//evil.test/settings/", "/\\evil.test", "/api/keys"];
  for (const place of places) {
    const answer = await enter(await sign(claims()), place);
    expect([place, answer.headers.get("location")]).toEqual([place, "/settings/billing"]);
  }
});

const now = Math.floor(Date.now() / 1_000);
it.each<[string, JWTPayload, { alg?: string; kid?: string }?]>([
  ["that is over", { iat: now - 300, exp: now - 120 }],
  ["for somebody else", { aud: "another" }],
  ["of another issuer", { iss: "https://other.test" }],
  ["that is good for a day", { exp: now + 86_400 }],
  ["made in the future", { iat: now + 3_600, exp: now + 3_660 }],
  ["without an id", { jti: "" }],
  ["with a role that there is not", { role: "root" }],
  ["for an account that is not here", { account: "acc_of_nobody" }],
  ["signed with the public key as a shared secret", {}, { alg: "HS256" }],
  ["signed by a key that is not published", {}, { kid: "second" }],
])("B2 a token %s is refused, and no cookie is set", async (_name, wrong, how) => {
  const answer = await enter(await sign({ ...claims(), ...wrong }, how));
  expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
});

it("B2 a token that nobody signed is refused", async () => {
  expect((await enter(new UnsecuredJWT(claims()).encode())).status).toBe(401);
});
