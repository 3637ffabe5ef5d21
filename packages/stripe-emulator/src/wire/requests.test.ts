/** What a request may look like before anybody reads its parameters: methods, versions, bodies, keys. */
import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { callApi } from "../testing/call-api.ts";
import { createCatalogue, startFixture } from "../testing/fixture.ts";

const ENDIVE = { "Stripe-Version": "2026-10-28.endive" };

test.each(["2024-06-20", "2026-08-26.dahlia", "2026-10-28.preview", "x.endive", "endive"])(
  "version %s is refused with the one that is served",
  async (version) => {
    const { emulator } = await startFixture();
    const answer = await callApi(emulator.url, "/v1/customers", { headers: { "Stripe-Version": version } });
    expect(answer.status).toBe(400);
    expect(String(answer.body.error?.["message"])).toContain("2026-10-28.endive");
  },
);

test("a connected account is refused in words: there is only one account", async () => {
  const { emulator } = await startFixture();
  const answer = await callApi(emulator.url, "/v1/customers", { headers: { "Stripe-Account": "acct_1" } });
  expect(answer.status).toBe(400);
  expect(String(answer.body.error?.["message"])).toContain("no connected ones");
});

test("an unknown address is 404, a known one with another method 405 with those it takes", async () => {
  const { emulator } = await startFixture();
  const unknown = ["/v1", "/v1/nothing", "/v1/customers/cus_1/nothing", "/v2/core/events", "/v1/customers/"];
  for (const path of unknown) {
    const answer = await callApi(emulator.url, path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error" });
    expect(answer.headers.get("request-id")).toMatch(/^req_/);
  }
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    const answer = await callApi(emulator.url, "/v1/customers", { method });
    expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "GET, POST"]);
  }
});

test("an unknown address without the key is 401, as every address is", async () => {
  const { emulator } = await startFixture();
  for (const path of ["/v1/nothing", "/v1/charges/search", "/v1/customers"]) {
    expect([path, (await callApi(emulator.url, path, { key: "" })).status]).toEqual([path, 401]);
  }
});

test("what Stripe has and the emulator has not is refused with its reason", async () => {
  const { emulator } = await startFixture();
  const answer = await callApi(emulator.url, "/v1/customers/search?query=x");
  expect(answer.status).toBe(404);
  expect(String(answer.body.error?.["message"])).toContain(
    "does not serve GET /v1/customers/search: search is",
  );
});

test("HEAD answers as GET does, without a body", async () => {
  const { emulator } = await startFixture();
  const headers = { Authorization: `Bearer ${emulator.secretKey}` };
  const answer = await fetch(`${emulator.url}/v1/customers`, { method: "HEAD", headers });
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
  expect(answer.headers.get("request-id")).toMatch(/^req_/);
});

test.each([
  ["a body in JSON", { body: '{"name":"Ada"}', headers: { "Content-Type": "application/json" } }, 400],
  ["a multipart body", { body: "--x", headers: { "Content-Type": "multipart/form-data; boundary=x" } }, 400],
  ["broken percent-encoding", { body: "name=%E0%A4%A" }, 400],
  ["a value and fields under one name", { body: "address=x&address[city]=y" }, 400],
  ["brackets that do not match", { body: "metadata[a=1" }, 400],
  ["11,000 parameters", { body: "a=1&".repeat(11_000) }, 400],
  ["fifty levels", { body: `address${"[a]".repeat(50)}=1` }, 400],
  ["a text of 5,001 characters", { body: `name=${"x".repeat(5_001)}` }, 400],
  ["a body of more than a million characters", { body: `name=${"x".repeat(1_000_001)}` }, 413],
])("%s is refused with an envelope and makes no customer", async (_what, init, status) => {
  const { emulator, stripe } = await startFixture();
  const answer = await callApi(emulator.url, "/v1/customers", { method: "POST", ...init });
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({ type: "invalid_request_error" });
  expect((await stripe.customers.list()).data).toEqual([]);
});

test("ten thousand bare elements are decoded at once, and the list refuses them in words", async () => {
  const { emulator } = await startFixture();
  const body = "expand[]=a&".repeat(9_999);
  const answer = await callApi(emulator.url, "/v1/customers", { method: "POST", body });
  expect([answer.status, answer.body.error?.["code"]]).toEqual([400, "property_cannot_be_expanded"]);
});

test.each([
  ["GET", "/v1/customers/constructor_x", ""],
  ["GET", "/v1/products/__proto__", ""],
  ["GET", "/v1/customers", "expand[]=__proto__"],
  ["POST", "/v1/payment_methods", "type=card&card[token]=tok_constructor"],
  ["POST", "/v1/payment_methods/pm_card_toString/attach", "customer=cus_none"],
  ["POST", "/v1/customers", "__proto__[admin]=true"],
  ["POST", "/v1/customers", "constructor[prototype]=x"],
])("%s %s %s names something of JavaScript's and is refused as unknown", async (method, path, form) => {
  const { emulator } = await startFixture();
  const init = method === "POST" ? { method, body: form } : { method };
  const answer = await callApi(emulator.url, method === "POST" ? path : `${path}?${form}`, init);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body.error).toMatchObject({ type: "invalid_request_error" });
});

test("a body of unknown length is read only as far as the bound", async () => {
  const { emulator, stripe } = await startFixture();
  const socket = createConnection(emulator.port, emulator.host);
  const head = `POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${emulator.secretKey}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  socket.on("error", () => undefined);
  socket.write(head);
  for (let index = 0; index < 20; index += 1) socket.write(chunk);
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 413/);
  expect((await stripe.customers.list()).data).toEqual([]);
});

test("the same parameters in another order are the same request; other ones are not", async () => {
  const { emulator, stripe } = await startFixture();
  const post = (path: string, body: string) =>
    callApi(emulator.url, path, { method: "POST", body, headers: { "Idempotency-Key": "key-1" } });
  const first = await post("/v1/customers", "name=Ada&metadata[a]=1&metadata[b]=2");
  const again = await post("/v1/customers", "metadata[b]=2&metadata[a]=1&name=Ada");
  expect(again.body["id"]).toBe(first.body["id"]);
  for (const [path, body] of [
    ["/v1/customers", "name=Ada&metadata[a]=1&metadata[b]=3"],
    ["/v1/customers", "name=Ada"],
    ["/v1/products", "name=Ada&metadata[a]=1&metadata[b]=2"],
  ] as const) {
    const answer = await post(path, body);
    expect([answer.status, answer.body.error?.["type"]]).toEqual([400, "idempotency_error"]);
  }
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

test("a form that cannot be read does not use up its key", async () => {
  const { emulator } = await startFixture();
  const post = (body: string) =>
    callApi(emulator.url, "/v1/customers", { method: "POST", body, headers: { "Idempotency-Key": "key-1" } });
  expect((await post("name=%E0%A4%A")).status).toBe(400);
  expect((await post("name=Ada")).status).toBe(200);
});

test("keys are for POST: a GET ignores them, one of 256 characters is refused", async () => {
  const { emulator } = await startFixture();
  const get = (path: string) => callApi(emulator.url, path, { headers: { "Idempotency-Key": "key-1" } });
  expect((await get("/v1/customers")).status).toBe(200);
  expect((await get("/v1/products")).status).toBe(200);
  const headers = { "Idempotency-Key": "x".repeat(256) };
  const long = await callApi(emulator.url, "/v1/customers", { method: "POST", headers });
  expect(long.status).toBe(400);
});

test("older parameters are understood from callers without a version, and refused from those who name endive", async () => {
  const { emulator } = await startFixture();
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    callApi(emulator.url, path, { method: "POST", body, headers });
  const body = "amount=500&currency=eur&payment_method_types[]=card&payment_method_types[]=sepa_debit";
  expect((await post("/v1/payment_intents", body)).status).toBe(200);
  expect((await post("/v1/payment_intents", body, ENDIVE)).body.error).toMatchObject({
    code: "parameter_unknown",
    param: "payment_method_types",
  });
  const debit = await post(
    "/v1/payment_intents",
    "amount=500&currency=eur&payment_method_types[]=sepa_debit",
  );
  expect([debit.status, debit.body.error?.["param"]]).toEqual([400, "payment_method_types"]);
});

test("a token as a new customer's source becomes the default card, in any version; another source is refused", async () => {
  const { emulator, stripe } = await startFixture();
  for (const headers of [{}, ENDIVE]) {
    const init = { method: "POST", body: "source=tok_mastercard", headers };
    const { body } = await callApi(emulator.url, "/v1/customers", init);
    const customer = await stripe.customers.retrieve(String(body["id"]), {
      expand: ["invoice_settings.default_payment_method"],
    });
    expect(customer).toMatchObject({
      invoice_settings: { default_payment_method: { card: { brand: "mastercard" } } },
    });
  }
  const wrong = await callApi(emulator.url, "/v1/customers", { method: "POST", body: "source=src_1" });
  expect([wrong.status, wrong.body.error?.["param"]]).toEqual([400, "source"]);
});

test("iterations of a schedule's phase, a plan and a code's coupon are today's words to callers without a version", async () => {
  const { emulator, stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const customer = await stripe.customers.create({ payment_method: "pm_card_visa" });
  const post = async (path: string, form: string) =>
    (await callApi(emulator.url, path, { method: "POST", body: form })).body;
  const phase = `phases[0][iterations]=2&phases[0][items][0][plan]=${team.id}`;
  const schedule = await post(
    "/v1/subscription_schedules",
    `customer=${customer.id}&start_date=1893456000&${phase}`,
  );
  expect(schedule).toMatchObject({
    phases: [
      { start_date: 1_893_456_000, end_date: Date.UTC(2030, 2, 1) / 1000, items: [{ price: team.id }] },
    ],
  });
  const coupon = await stripe.coupons.create({ percent_off: 20 });
  expect(await post("/v1/promotion_codes", `coupon=${coupon.id}`)).toMatchObject({
    promotion: { type: "coupon", coupon: coupon.id },
  });
});
