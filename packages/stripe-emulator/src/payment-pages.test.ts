import type Stripe from "stripe";
import { expect, test } from "vitest";
import { createCatalogue, startFixture } from "./testing/fixture.ts";

type Refused = { error: Stripe.StripeRawError };

/** As `stripe trigger` calls: the key, no SDK, no version. */
async function opened(params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { emulator, stripe } = await startFixture();
  const { pack, team } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price: params.mode === "subscription" ? team.id : pack.id, quantity: 2 }],
    success_url: "http://localhost/",
    ...params,
  });
  const page = `${emulator.url}/v1/payment_pages/${session.id}`;
  const headers = { Authorization: `Bearer ${emulator.secretKey}` };
  const confirm = async (fields: Record<string, string>) => {
    const response = await fetch(`${page}/confirm`, {
      method: "POST",
      headers,
      body: new URLSearchParams(fields),
    });
    return { status: response.status, body: (await response.json()) as Stripe.Checkout.Session & Refused };
  };
  return { stripe, session, confirm, read: () => fetch(page, { headers }) };
}

test("a session is completed without a browser, as Stripe's command line does it", async () => {
  const { stripe, session, confirm, read } = await opened();
  expect(await (await read()).json()).toMatchObject({ id: session.id, status: "open", amount_total: 1000 });
  const method = await stripe.paymentMethods.create({
    type: "card",
    card: { token: "tok_visa" },
    billing_details: { email: "buyer@example.com", name: "Jenny Rosen" },
  });
  const { status, body } = await confirm({ payment_method: method.id, expected_amount: "1000" });
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: session.id, status: "complete", payment_status: "paid" });
  const events = await stripe.events.list({ type: "checkout.session.completed" });
  expect(events.data).toHaveLength(1);
});

test("a subscription session completes the same way", async () => {
  const { confirm } = await opened({ mode: "subscription" });
  const { body } = await confirm({ payment_method: "pm_card_visa", expected_amount: "3800" });
  expect(body.subscription).toMatch(/^sub_/);
});

test.each([
  ["another amount than the session's", { payment_method: "pm_card_visa", expected_amount: "1" }, 400],
  ["a card that declines", { payment_method: "pm_card_visa_chargeDeclined", expected_amount: "1000" }, 402],
  ["no card", { expected_amount: "1000" }, 400],
  ["a parameter nobody knows", { payment_method: "pm_card_visa", tip: "5" }, 400],
])("%s is refused and the session stays open", async (_case, fields, expected) => {
  const { stripe, session, confirm } = await opened();
  const { status, body } = await confirm(fields);
  expect(status).toBe(expected);
  expect(body.error.message).not.toBe("");
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
});
