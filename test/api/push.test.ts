import { startStripeEmulator } from "@bursar/stripe-emulator";
import Stripe from "stripe";
import { expect, it } from "vitest";
import { planLookupKey, pushCatalog, type PriceChange } from "../../packages/server/src/catalog/push.ts";
import { createGateway } from "../../packages/server/src/stripe/gateway.ts";
import { payHostedPage } from "./hosted-page.ts";
import { catalog } from "../book/databases.ts";

const EVERY_PRICE = [
  ...["personal", "team", "business"].flatMap((plan) => [`bursar_${plan}_month`, `bursar_${plan}_year`]),
  ...catalog.packs.map((pack) => `bursar_${pack.id}`),
];
const keysOf = (changes: readonly PriceChange[]) => changes.map(({ wanted }) => wanted.lookupKey);

it("C5 a push is done once; a changed price becomes a new one, and who has subscribed keeps theirs", async () => {
  const emulator = await startStripeEmulator();
  try {
    const { host, port, secretKey, url: apiBase } = emulator;
    const gateway = createGateway({ apiBase, secretKey, webhookSecret: "" });
    const stripe = new Stripe(secretKey, { host, port, protocol: "http" });
    expect(keysOf(await pushCatalog(catalog, gateway))).toEqual(EVERY_PRICE);
    expect(await pushCatalog(catalog, gateway)).toEqual([]);

    const lookupKey = planLookupKey("team", "month");
    const [old] = await gateway.findPrices([lookupKey]);
    const page = await gateway.openCheckout({
      purpose: "subscription",
      planId: "team",
      seats: 2,
      accountId: "acc_1",
      customerId: await gateway.createCustomer({ accountId: "acc_1", name: "Acme", email: "a@acme.test" }),
      priceId: old?.priceId ?? "",
      successUrl: "http://localhost/done",
      locale: undefined,
      cancelUrl: "http://localhost/plans",
      idempotencyKey: "checkout:1",
    });
    expect((await payHostedPage(page.url)).status).toBe(303);

    const plans = catalog.plans.map((plan) =>
      plan.id === "team" ? { ...plan, priceCents: { ...plan.priceCents, month: 2_100 } } : plan,
    );
    const dearer = { ...catalog, plans };
    expect(keysOf(await pushCatalog(dearer, gateway))).toEqual([lookupKey]);
    expect(await pushCatalog(dearer, gateway)).toEqual([]);
    const [renewed] = await gateway.findPrices([lookupKey]);
    expect(renewed).toMatchObject({ unitCents: 2_100 });
    expect(renewed?.priceId).not.toBe(old?.priceId);

    const kept = (await stripe.subscriptions.list()).data;
    expect(kept).toHaveLength(1);
    expect(kept[0]?.items.data[0]?.price.id).toBe(old?.priceId);
    expect((await stripe.prices.retrieve(old?.priceId ?? "")).lookup_key).toBeNull();
    const products = await stripe.products.list({ limit: 100 });
    expect(products.data.filter((product) => product.id === "bursar_team")).toHaveLength(1);
  } finally {
    await emulator.close();
  }
});
