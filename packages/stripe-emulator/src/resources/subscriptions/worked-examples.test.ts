/** The worked examples of Stripe's proration, to the cent. The period is June 2026: 2,592,000 seconds. */
import { expect, test } from "vitest";
import {
  amountsOf,
  itemOf,
  iso,
  latestInvoice,
  priceAt,
  seconds,
  startAt,
  subscribeTo,
} from "../../testing/subscriptions.ts";

const JUNE = "2026-06-01T00:00:00Z";
const MID_JUNE = "2026-06-16T12:00:00Z";

test("6.2 A a monthly upgrade credits 9.67, charges 24.17 and bills 14.50 now", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [basic, pro] = [await priceAt(stripe, "Basic", 2000), await priceAt(stripe, "Pro", 5000)];
  const before = await subscribeTo(stripe, basic);
  moveTo(MID_JUNE);
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, price: pro }],
    proration_behavior: "always_invoice",
  });
  expect(itemOf(after).price.id).toBe(pro);
  const invoice = await latestInvoice(stripe, after);
  expect(amountsOf(invoice)).toEqual([-967, 2417]);
  expect(invoice).toMatchObject({ billing_reason: "subscription_update", total: 1450, status: "paid" });
  expect(invoice.parent?.subscription_details?.subscription_proration_date).toBe(seconds(MID_JUNE));
  const [credit, charge] = invoice.lines.data;
  expect(credit?.description).toBe("Unused time on Basic after 16 Jun 2026");
  expect(charge?.description).toBe("Remaining time on Pro after 16 Jun 2026");
  const rest = { start: seconds(MID_JUNE), end: seconds("2026-07-01T00:00:00Z") };
  expect([credit?.period, charge?.period]).toEqual([rest, rest]);
  expect(credit?.parent?.subscription_item_details?.proration_details?.credited_items?.invoice).toBe(
    before.latest_invoice,
  );
  const preview = await stripe.invoices.createPreview({ subscription: before.id });
  expect(preview.total).toBe(5000);
});

test("6.2 A the same upgrade with create_prorations bills 64.50 on 1 July, with none 50.00", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [basic, pro] = [await priceAt(stripe, "Basic", 2000), await priceAt(stripe, "Pro", 5000)];
  const waiting = await subscribeTo(stripe, basic);
  const free = await subscribeTo(stripe, basic);
  moveTo(MID_JUNE);
  const later = await stripe.subscriptions.update(waiting.id, {
    items: [{ id: itemOf(waiting).id, price: pro }],
  });
  expect(later.latest_invoice).toBe(waiting.latest_invoice);
  expect((await stripe.invoices.createPreview({ subscription: waiting.id })).total).toBe(6450);
  await stripe.subscriptions.update(free.id, {
    items: [{ id: itemOf(free).id, price: pro }],
    proration_behavior: "none",
  });
  expect((await stripe.invoices.createPreview({ subscription: free.id })).total).toBe(5000);
});

test("6.2 B seats from 5 to 8 on the 21st credit 16.67, charge 26.67 and bill 10.00", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const seat = await priceAt(stripe, "Team", 1000);
  const before = await subscribeTo(stripe, seat, { items: [{ price: seat, quantity: 5 }] });
  moveTo("2026-06-21T00:00:00Z");
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, quantity: 8 }],
    proration_behavior: "always_invoice",
  });
  const invoice = await latestInvoice(stripe, after);
  expect(amountsOf(invoice)).toEqual([-1667, 2667]);
  expect(invoice.lines.data.map((line) => line.quantity)).toEqual([5, 8]);
  expect(invoice.lines.data[0]?.description).toBe("Unused time on 5 × Team after 21 Jun 2026");
  expect(invoice.amount_paid).toBe(1000);
});

test("6.2 C monthly to annual with the anchor reset bills a whole year less the credit: 190.33", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [monthly, annual] = [
    await priceAt(stripe, "Month", 2000),
    await priceAt(stripe, "Year", 20000, "year"),
  ];
  const before = await subscribeTo(stripe, monthly);
  moveTo(MID_JUNE);
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, price: annual }],
    billing_cycle_anchor: { type: "now" },
  });
  const invoice = await latestInvoice(stripe, after);
  expect(invoice).toMatchObject({ total: 19033, amount_paid: 19033 });
  const [credit, year] = invoice.lines.data;
  expect([credit?.amount, year?.amount]).toEqual([-967, 20000]);
  expect(year?.parent?.subscription_item_details?.proration).toBe(false);
  expect([iso(year?.period.start ?? 0), iso(year?.period.end ?? 0)]).toEqual([
    "2026-06-16T12:00:00.000Z",
    "2027-06-16T12:00:00.000Z",
  ]);
  expect(after.billing_cycle_anchor).toBe(seconds(MID_JUNE));
});

test("6.2 C monthly to annual with the anchor kept charges the rest of June to June: 181.84", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [monthly, annual] = [
    await priceAt(stripe, "Month", 2000),
    await priceAt(stripe, "Year", 20000, "year"),
  ];
  const before = await subscribeTo(stripe, monthly);
  moveTo(MID_JUNE);
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, price: annual }],
    proration_behavior: "always_invoice",
  });
  expect(amountsOf(await latestInvoice(stripe, after))).toEqual([-967, 19151]);
  expect(iso(itemOf(after).current_period_end)).toBe("2027-06-01T00:00:00.000Z");
  expect(after.billing_cycle_anchor).toBe(seconds(JUNE));
});

test("6.2 D an upgrade from Pro to Business in the middle of June bills 24.16 and then 100.00 a month", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [pro, business] = [await priceAt(stripe, "Pro", 5000), await priceAt(stripe, "Business", 10000)];
  const before = await subscribeTo(stripe, pro);
  moveTo(MID_JUNE);
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, price: business }],
    proration_behavior: "always_invoice",
  });
  const invoice = await latestInvoice(stripe, after);
  expect(amountsOf(invoice)).toEqual([-2417, 4833]);
  expect(invoice.total).toBe(2416);
  expect((await stripe.invoices.createPreview({ subscription: before.id })).total).toBe(10000);
});

test.each([
  ["away_from_zero", -2667],
  ["to_even", -2666],
] as const)(
  "6.2 E a second change credits what the first one debited, ties %s: %i",
  async (prorationTies, credit) => {
    const { stripe, moveTo } = await startAt(JUNE, { assumptions: { prorationTies } });
    const seat = await priceAt(stripe, "Team", 1000);
    const begun = await subscribeTo(stripe, seat, { items: [{ price: seat, quantity: 5 }] });
    const seats = (quantity: number) =>
      stripe.subscriptions.update(begun.id, {
        items: [{ id: itemOf(begun).id, quantity }],
        proration_behavior: "always_invoice",
      });
    moveTo("2026-06-11T00:00:00Z");
    const first = await latestInvoice(stripe, await seats(8));
    expect(amountsOf(first)).toEqual([-3333, 5333]);
    moveTo("2026-06-21T00:00:00Z");
    const second = await latestInvoice(stripe, await seats(4));
    expect(amountsOf(second)).toEqual([credit, 1333]);
    expect(second).toMatchObject({ status: "paid", amount_due: 0 });
    expect(
      second.lines.data[0]?.parent?.subscription_item_details?.proration_details?.credited_items,
    ).toEqual({
      invoice: first.id,
      invoice_line_items: [first.lines.data[1]?.id],
    });
    const { balance } = (await stripe.customers.retrieve(begun.customer as string)) as { balance: number };
    expect(balance).toBe(credit + 1333);
  },
);

test("6.2 F from an anchor on 31 January the same daily change costs more per second in February", async () => {
  const { stripe, moveTo } = await startAt("2026-01-31T00:00:00Z");
  const [basic, pro] = [await priceAt(stripe, "Basic", 2000), await priceAt(stripe, "Pro", 5000)];
  const before = await subscribeTo(stripe, basic);
  expect(itemOf(before).current_period_end - itemOf(before).current_period_start).toBe(2_419_200);
  moveTo("2026-02-27T00:00:00Z");
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id: itemOf(before).id, price: pro }],
    proration_behavior: "always_invoice",
  });
  // One day of 28, where one of 30 would be -67 and 167.
  expect(amountsOf(await latestInvoice(stripe, after))).toEqual([-71, 179]);
});

test("6.1 after an unprorated upgrade a downgrade credits only what was debited: 10, 20, 10 comes to nothing", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [ten, twenty] = [await priceAt(stripe, "Ten", 1000), await priceAt(stripe, "Twenty", 2000)];
  const before = await subscribeTo(stripe, ten);
  moveTo("2026-06-11T00:00:00Z");
  const id = itemOf(before).id;
  await stripe.subscriptions.update(before.id, {
    items: [{ id, price: twenty }],
    proration_behavior: "none",
  });
  moveTo("2026-06-21T00:00:00Z");
  const after = await stripe.subscriptions.update(before.id, {
    items: [{ id, price: ten }],
    proration_behavior: "always_invoice",
  });
  const invoice = await latestInvoice(stripe, after);
  expect(amountsOf(invoice)).toEqual([-333, 333]);
  expect(invoice.total).toBe(0);
});
