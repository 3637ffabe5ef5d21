import { expect, test } from "vitest";
import { startEndpoint } from "../testing/endpoint.ts";
import { createCatalogue, openPage, payCheckout, startFixture, submitPage } from "../testing/fixture.ts";

async function withObjects() {
  const fixture = await startFixture({ account: { settings: { webhookRetryMs: [] } } });
  const { stripe } = fixture;
  const endpoint = await startEndpoint([500]);
  const { id: endpointId } = await stripe.webhookEndpoints.create({
    url: endpoint.url,
    enabled_events: ["checkout.session.completed"],
  });
  const { team } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  await endpoint.next();
  await fixture.emulator.deliverDue();
  return { ...fixture, endpoint, endpointId, session, control: `${fixture.emulator.url}/_emulator` };
}

test("the control page lists what there is and shows each object as the API does", async () => {
  const { control, stripe } = await withObjects();
  const overview = await openPage(control);
  for (const shown of ["Offline test page", "Wall clock", "Subscriptions", "Test clocks"]) {
    expect(overview.text).toContain(shown);
  }
  const [invoice] = (await stripe.invoices.list()).data;
  const list = await openPage(`${control}/objects/invoices`);
  expect(list.text).toContain(invoice?.id);
  const detail = await openPage(`${control}/objects/invoices/${invoice?.id}`);
  expect(detail.text).toContain("&quot;billing_reason&quot;: &quot;subscription_create&quot;");
  expect(detail.text).toContain(invoice?.hosted_invoice_url);
});

test("an object is found by its id, one that is not there is said to be missing", async () => {
  const { control, session } = await withObjects();
  const found = await fetch(`${control}/objects?id=${session.id}`, { redirect: "manual" });
  expect(found.headers.get("location")).toBe(`/_emulator/objects/checkout_sessions/${session.id}`);
  const missing = await openPage(`${control}/objects?id=cus_nobody`);
  expect(missing.status).toBe(404);
  expect(missing.text).toContain("There is no object with the id cus_nobody");
  for (const secret of ["counters", "idempotency_keys", "nothing"]) {
    expect((await openPage(`${control}/objects/${secret}`)).status).toBe(404);
  }
});

test("the event log shows what failed, and the button sends it again", async () => {
  const { control, emulator, endpoint, stripe } = await withObjects();
  const [event] = (await stripe.events.list({ type: "checkout.session.completed" })).data;
  const log = await openPage(`${control}/events?find=checkout.`);
  expect(log.text).toContain("failed");
  expect(log.text).toContain(endpoint.url);
  const sent = await submitPage(`${control}/events/${event?.id}/resend`, {});
  expect(sent.status).toBe(303);
  expect((await endpoint.next()).event.id).toBe(event?.id);
  await emulator.deliverDue();
  expect((await stripe.events.retrieve(event?.id ?? "")).pending_webhooks).toBe(0);
});

test("a rolled secret signs beside the one before, so that either checks", async () => {
  const { control, endpoint, endpointId, stripe } = await withObjects();
  const secretOf = async () => /whsec_\w+/.exec((await openPage(`${control}/webhooks`)).text)?.[0] ?? "";
  const old = await secretOf();
  await submitPage(`${control}/webhooks/${endpointId}/roll`, {});
  const fresh = await secretOf();
  expect(fresh).not.toBe(old);
  const [event] = (await stripe.events.list({ type: "checkout.session.completed" })).data;
  await submitPage(`${control}/events/${event?.id}/resend`, {});
  const { body, signature } = await endpoint.next();
  for (const secret of [old, fresh]) {
    expect(stripe.webhooks.constructEvent(body, signature, secret).id).toBe(event?.id);
  }
});

test("an endpoint is disabled and enabled by hand", async () => {
  const { control, endpointId, stripe } = await withObjects();
  await submitPage(`${control}/webhooks/${endpointId}/disable`, {});
  expect((await stripe.webhookEndpoints.retrieve(endpointId)).status).toBe("disabled");
  await submitPage(`${control}/webhooks/${endpointId}/enable`, {});
  expect((await stripe.webhookEndpoints.retrieve(endpointId)).status).toBe("enabled");
});

test("faults are ordered and cleared by hand, and one that makes no sense is refused in words", async () => {
  const { control, emulator } = await withObjects();
  const refused = await submitPage(`${control}/faults/order`, { kind: "card_decline" });
  expect(refused).toMatchObject({ status: 400 });
  expect(refused.text).toContain("needs one of payment_method");
  await submitPage(`${control}/faults/order`, {
    kind: "server_error",
    stage: "after",
    times: "2",
    path: "",
  });
  expect(emulator.faults.list()).toMatchObject([{ kind: "server_error", stage: "after", times: 2 }]);
  const page = await fetch(`${control}/faults`, { headers: { Accept: "text/html" } });
  expect(await page.text()).toContain("struck 0 of 0");
  await submitPage(`${control}/faults/clear`, {});
  expect(emulator.faults.list()).toEqual([]);
});

test("a page of another site may look at nothing and press nothing", async () => {
  const { control, emulator } = await withObjects();
  const pressed = await fetch(`${control}/faults/order`, {
    method: "POST",
    headers: { Origin: "https://elsewhere.example" },
    body: new URLSearchParams({ kind: "server_error" }),
  });
  expect(pressed.status).toBe(403);
  expect(emulator.faults.list()).toEqual([]);
  const page = await fetch(control);
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(page.headers.get("access-control-allow-origin")).toBeNull();
});
