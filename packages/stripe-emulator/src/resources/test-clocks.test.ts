import { expect, test } from "vitest";
import { accountFrom } from "../account.ts";
import type { TestClock } from "../entities/test-clock.ts";
import { Sandbox } from "../sandbox.ts";
import { Store } from "../store/store.ts";
import { advance } from "../testing/clock.ts";
import { createCatalogue, refusal, seconds, startFixture } from "../testing/fixture.ts";
import { StripeError } from "../wire/errors.ts";
import { createCustomer, updateCustomer } from "./customers.ts";

const MAY = seconds("2027-05-01T00:00:00Z");
const DAY = 86_400;

async function startOnClock(options: Parameters<typeof startFixture>[0] = {}) {
  const fixture = await startFixture(options);
  const clock = await fixture.stripe.testHelpers.testClocks.create({ frozen_time: MAY, name: "May" });
  return { ...fixture, fixture, clock };
}

test("a test clock is ready at once, is listed, and says when it will be deleted", async () => {
  const { stripe, clock } = await startOnClock({ now: () => Date.parse("2026-12-01T00:00:00Z") });
  expect(clock).toMatchObject({ status: "ready", frozen_time: MAY, name: "May", livemode: false });
  expect(clock.deletes_after - clock.created).toBe(7 * DAY);
  const { data } = await stripe.testHelpers.testClocks.list();
  expect(data).toEqual([clock]);
  expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toEqual(clock);
});

test("customers on a clock, what is made for them and its events bear the clock's time", async () => {
  const { stripe, clock } = await startOnClock();
  const customer = await stripe.customers.create({ name: "Ada", test_clock: clock.id });
  expect(customer).toMatchObject({ created: MAY, test_clock: clock.id });
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: customer.id });
  expect(intent.created).toBe(MAY);
  const { data } = await stripe.events.list({ types: ["customer.created", "payment_intent.created"] });
  expect(data.map((event) => event.created)).toEqual([MAY, MAY]);
});

test("by the other reading, events bear the wall clock's time though the objects bear the test clock's", async () => {
  const wall = seconds("2026-12-01T00:00:00Z");
  const account = { assumptions: { eventTime: "wall_clock" as const } };
  const { stripe, clock } = await startOnClock({ account, now: () => wall * 1000 });
  const customer = await stripe.customers.create({ name: "Ada", test_clock: clock.id });
  const [created] = (await stripe.events.list({ type: "customer.created" })).data;
  expect([customer.created, created?.created]).toEqual([MAY, wall]);
});

test("advancing answers `advancing` with its target, tells both ends of it, and leaves the clock ready", async () => {
  const { stripe, clock, emulator } = await startOnClock();
  const to = MAY + 40 * DAY;
  const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
  expect(advancing).toMatchObject({
    status: "advancing",
    status_details: { advancing: { target_frozen_time: to } },
  });
  await emulator.catchUp();
  const ready = await stripe.testHelpers.testClocks.retrieve(clock.id);
  expect(ready).toMatchObject({ status: "ready", frozen_time: to, status_details: {} });
  const { data } = await stripe.events.list({ type: "test_helpers.test_clock.*" });
  expect(data.map(({ type }) => type.split(".").at(-1))).toEqual(["ready", "advancing", "created"]);
});

test.each([
  ["to its own time", MAY],
  ["back", MAY - 1],
  ["more than two years without a subscription", MAY + 731 * DAY + 1],
])("a clock does not go %s", async (_, frozen_time) => {
  const { stripe, clock } = await startOnClock();
  const error = await refusal(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time }));
  expect(error).toMatchObject({ statusCode: 400, param: "frozen_time" });
  expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe("ready");
});

test("with relaxed limits a clock goes as far as it is told and takes any number of customers", async () => {
  const { stripe, clock, fixture } = await startOnClock({
    account: { settings: { testClockLimits: "relaxed" } },
  });
  await advance(fixture, clock.id, MAY + 2_000 * DAY);
  for (let made = 0; made < 4; made += 1) await stripe.customers.create({ test_clock: clock.id });
  expect((await stripe.customers.list({ test_clock: clock.id })).data).toHaveLength(4);
});

test("a clock takes three customers, and an unknown clock none", async () => {
  const { stripe, clock } = await startOnClock();
  for (let made = 0; made < 3; made += 1) await stripe.customers.create({ test_clock: clock.id });
  const full = await refusal(stripe.customers.create({ test_clock: clock.id }));
  expect(full.message).toContain("has its 3 customers");
  const unknown = await refusal(stripe.customers.create({ test_clock: "clock_none" }));
  expect(unknown).toMatchObject({ code: "resource_missing", param: "test_clock" });
});

test("a customer on a clock may have three subscriptions", async () => {
  const { stripe, clock } = await startOnClock();
  const { team } = await createCatalogue(stripe);
  const ada = await stripe.customers.create({ test_clock: clock.id, payment_method: "pm_card_visa" });
  const [card] = (await stripe.paymentMethods.list({ customer: ada.id })).data;
  const subscribe = () =>
    stripe.subscriptions.create({
      customer: ada.id,
      items: [{ price: team.id }],
      default_payment_method: card?.id ?? "",
    });
  for (let made = 0; made < 3; made += 1) await subscribe();
  expect((await refusal(subscribe())).message).toContain("may have 3 subscriptions");
  expect((await stripe.subscriptions.list({ customer: ada.id })).data).toHaveLength(3);
});

test.each([
  ["invalid_request", 400, undefined],
  ["lock_timeout", 429, "lock_timeout"],
] as const)("while a clock advances its customers cannot be written (%s)", (reading, status, code) => {
  const sandbox = new Sandbox({
    account: accountFrom({ assumptions: { advancingRefusal: reading } }),
    store: new Store(),
    now: () => MAY * 1000,
    secretKey: "sk_test",
    baseUrl: "http://localhost",
  });
  const clock: TestClock = {
    id: "clock_1",
    created: MAY,
    deletes_after: MAY + 7 * DAY,
    name: null,
    frozen_time: MAY,
    status: "ready",
    target_frozen_time: null,
  };
  sandbox.transaction(() => sandbox.store.testClocks.put(clock));
  const ada = sandbox.transaction(() => createCustomer(sandbox, { name: "Ada", test_clock: "clock_1" }));
  const bob = sandbox.transaction(() => createCustomer(sandbox, { name: "Bob" }));
  const rename = (id: string, name: string) =>
    sandbox.transaction(() => updateCustomer(sandbox, id, { name }));
  sandbox.transaction(() => sandbox.store.testClocks.patch("clock_1", { status: "advancing" }));
  const refused = catchRefusal(() => rename(ada.id, "Ada L."));
  expect([refused.status, refused.body.code]).toEqual([status, code]);
  expect(refused.message).toContain("is advancing");
  expect(sandbox.store.customers.get(ada.id)?.name).toBe("Ada");
  expect(rename(bob.id, "Bob B.").name).toBe("Bob B.");
  sandbox.byClock(() => sandbox.store.testClocks.patch("clock_1", { status: "ready" }));
  expect(rename(ada.id, "Ada L.").name).toBe("Ada L.");
});

function catchRefusal(work: () => unknown): StripeError {
  try {
    work();
  } catch (error) {
    if (error instanceof StripeError) return error;
  }
  throw new Error("the work was not refused");
}

test("deleting a clock takes its customers and their objects with it", async () => {
  const { stripe, clock } = await startOnClock();
  const ada = await stripe.customers.create({ test_clock: clock.id, payment_method: "pm_card_visa" });
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: ada.id });
  expect(await stripe.testHelpers.testClocks.del(clock.id)).toMatchObject({ id: clock.id, deleted: true });
  expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ deleted: true });
  expect((await refusal(stripe.paymentIntents.retrieve(intent.id))).statusCode).toBe(404);
  expect((await refusal(stripe.testHelpers.testClocks.retrieve(clock.id))).statusCode).toBe(404);
  expect((await stripe.events.list()).data[0]?.type).toBe("test_helpers.test_clock.deleted");
});

test.each([7, 30] as const)("a clock left alone is deleted after %i days", async (days) => {
  let now = Date.parse("2026-12-01T00:00:00Z");
  const account = { assumptions: { testClockLifeDays: days } };
  const { stripe, clock, emulator } = await startOnClock({ account, now: () => now });
  now += days * DAY * 1000 - 1000;
  await emulator.catchUp();
  expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe("ready");
  now += 1000;
  await emulator.catchUp();
  expect((await refusal(stripe.testHelpers.testClocks.retrieve(clock.id))).statusCode).toBe(404);
});

test("a checkout session expires by itself, at its own instant, on the wall clock and on a test clock", async () => {
  let now = Date.parse("2026-12-01T00:00:00Z");
  const { stripe, clock, emulator, fixture } = await startOnClock({ now: () => now });
  const { team } = await createCatalogue(stripe);
  const ada = await stripe.customers.create({ test_clock: clock.id });
  const params = {
    mode: "subscription" as const,
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  };
  const onClock = await stripe.checkout.sessions.create({ ...params, customer: ada.id });
  const onWall = await stripe.checkout.sessions.create(params);
  await advance(fixture, clock.id, MAY + 2 * DAY);
  now += 2 * DAY * 1000;
  await emulator.catchUp();
  const { data } = await stripe.events.list({ type: "checkout.session.expired" });
  expect(data.map(({ data: { object }, created }) => [(object as { id: string }).id, created])).toEqual([
    [onWall.id, onWall.expires_at],
    [onClock.id, onClock.expires_at],
  ]);
});

test("a request meets what time has done until now, though nobody told the emulator that its clock moved", async () => {
  let now = Date.parse("2026-12-01T00:00:00Z");
  const { stripe } = await startOnClock({ now: () => now });
  const { team } = await createCatalogue(stripe);
  await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  now += 2 * DAY * 1000;
  expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(1);
});
