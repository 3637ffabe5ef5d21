/* K4 K5 Whatever moved credits: the pages, the pages by day and the CSV add up to the balance that the account has. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credits, CreditTransaction, List } from "../../packages/client/src/index.ts";
import { newCustomer, stripeOf, type Customer } from "./customer.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const CSV = { accept: "text/csv" };

describe.each(databases)("the history of credits on $name", ({ open }) => {
  let running: TimeTravel;
  let customer: Customer;
  beforeAll(async () => {
    running = await startAt(open, "2027-03-01T09:00:00Z");
    customer = await newCustomer(running, { planId: "team", seats: 2 });
  });
  afterAll(() => running.stop());

  const creditsOf = async () => (await customer.call<Credits>("GET", "/api/billing/credits")).body;

  /** All pages, with something new entering after the first: a cursor must not move by it. */
  async function walk(query: string, between: () => Promise<unknown>): Promise<CreditTransaction[]> {
    const rows: CreditTransaction[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const path: string = `/api/billing/credits/transactions?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { status, body } = await customer.call<List<CreditTransaction>>("GET", path);
      expect(status).toBe(200);
      if (cursor === "") await between();
      rows.push(...body.data);
      cursor = body.nextCursor;
    }
    return rows;
  }

  const sumOf = (rows: CreditTransaction[], side: "credits" | "allocation") =>
    rows.reduce((sum, row) => sum + (row[side]?.change ?? 0), 0);

  function expectRunning(rows: CreditTransaction[], side: "credits" | "allocation"): void {
    let balance = 0;
    for (const row of rows.toReversed()) {
      const { change, after } = row[side] ?? { change: 0, after: balance };
      balance += change;
      // An allocation is another one in each window, and what is left of it lapses; here there is one.
      expect(after, `${row.id} ${row.description}`).toBe(balance);
    }
  }

  it("K2 a purchase on the hosted page has its receipt, and so has the refund of it", async () => {
    const { body } = await customer.call<{ url: string }>("POST", "/api/billing/credits/checkout", {
      packId: "credits_1m",
    });
    await payHostedPage(body.url);
    await customer.call("POST", "/api/billing/reconcile", { sessionId: sessionIdIn(body.url) });
    const stripe = stripeOf(running);
    const { data } = await stripe.paymentIntents.list({ customer: await customer.customerId() });
    const pack = data.find(({ metadata }) => metadata["bursar_pack"] !== undefined)!;
    await stripe.refunds.create({ payment_intent: pack.id, amount: 125 });
    await running.settle();
    const [refund, purchase] = (await creditsOf()).transactions;
    const invoice = (await customer.invoices()).find(({ total }) => total === 500)!;
    expect(purchase).toMatchObject({ type: "purchase", price: 500, receiptUrl: invoice.hostedUrl });
    expect(refund).toMatchObject({ type: "refund", price: -125, receiptUrl: invoice.hostedUrl });
    expect((await fetch(invoice.hostedUrl!)).status).toBe(200);
  });

  const deed = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 900_000 }).map((tokens) => ({ uses: tokens })) },
    {
      weight: 2,
      arbitrary: fc.integer({ min: -700_000, max: 900_000 }).map((tokens) => ({ adjusts: tokens })),
    },
    { weight: 1, arbitrary: fc.constant({ travels: true }) },
  );

  it("K4 K5 after anything each walk and the file add up to the balance, row by row", async () => {
    let number = 0;
    const use = (quantity: number) =>
      customer.call("POST", "/api/events", { id: `use-${(number += 1)}`, meter: "ai_tokens", quantity });
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 4, maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        async (deeds, limit) => {
          for (const each of deeds) {
            if ("uses" in each) await use(each.uses);
            else if ("travels" in each)
              await running.travelTo(new Date(running.now() + 3_600_000).toISOString());
            else if (each.adjusts !== 0) {
              const body = { tokens: each.adjusts, reason: "A test" };
              await customer.call("POST", `/api/accounts/${customer.accountId}/adjustments`, body);
            }
          }
          const { balance } = await creditsOf();
          const text = (
            await customer.call<string>("GET", "/api/billing/credits/transactions", undefined, CSV)
          ).body;
          const plain = await walk(`limit=${limit}`, () => use(1));
          const grouped = await walk(`limit=${limit}&group=day`, () => Promise.resolve());

          expect(sumOf(plain, "credits")).toBe(balance);
          expectRunning(plain, "credits");
          expectRunning(plain, "allocation");
          expectRunning(grouped, "credits");
          expectRunning(grouped, "allocation");
          expect(new Set(plain.map(({ id }) => id)).size).toBe(plain.length);
          // The use that came in between is in the later walk alone.
          const entries = grouped.reduce((sum, row) => sum + row.entries, 0);
          expect(entries).toBe(plain.length + 1);

          const [columns = [], ...rows] = text
            .trimEnd()
            .split("\r\n")
            .map((line) => line.split(","));
          const column = (name: string) => rows.map((row) => Number(row[columns.indexOf(name)]));
          expect(column("credits").reduce((sum, change) => sum + change, 0)).toBe(balance);
          expect(rows.length).toBe(plain.length);
        },
      ),
      { numRuns: 6 },
    );
    expect(await running.faults()).toEqual([]);
  });
});
