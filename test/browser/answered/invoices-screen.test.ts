/* Invoices as a customer reads them: what each is made of, by year, as a file, in little room. */
import type { Invoice } from "../../../packages/client/src/index.ts";
import { invoices } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import { openAnswered } from "./answered-page.ts";

const [paid] = invoices as [Invoice];
const shown: Invoice[] = [
  {
    ...paid,
    id: "in_3",
    number: "A-0003",
    status: "open",
    attempts: 1,
    amountDue: 27_132,
    total: 27_132,
    tax: 4_332,
    nextAttemptAt: "2026-11-24T08:00:00Z",
    failure: "Your card was declined.",
  },
  { ...paid, id: "in_2", number: "A-0002", discount: 570, creditUsed: 1_000, refunded: 500, pdfUrl: null },
  paid,
];

test("IN1 IN2 an invoice says how it stands and opens to what it is made of; no link is dead", async ({
  page,
  axe,
}) => {
  await openAnswered(page, "/invoices", {
    "GET /api/billing/invoices": { data: shown, nextCursor: null, years: [2026] },
  });
  const table = page.getByRole("table");
  const rows = table.getByRole("row");
  await expect(rows.nth(1)).toContainText("Upcoming");
  await expect(rows.nth(1)).toContainText("about €67.83");
  const overdue = rows.filter({ hasText: "A-0003" });
  await expect(overdue).toContainText("Overdue");
  await expect(overdue).toContainText("Your card was declined.");
  await expect(overdue).toContainText("Next try 24 Nov 2026.");
  await expect(overdue.getByRole("link", { name: "Pay €271.32, invoice A-0003" })).toBeVisible();
  const refunded = rows.filter({ hasText: "A-0002" });
  await expect(refunded).toContainText("Refunded €5.00");
  await expect(refunded).toContainText("PDF in preparation");
  await expect(refunded.getByRole("link", { name: /^PDF/ })).toHaveCount(0);

  const details = page.getByRole("group", { name: "What invoice A-0002 is made of" });
  await expect(details).toHaveCount(0);
  const open = page.getByRole("button", { name: "Details of invoice A-0002" });
  await open.press("Enter");
  await expect(open).toHaveAttribute("aria-expanded", "true");
  for (const words of [
    "3 × Team",
    "12 Nov – 12 Dec 2026",
    "Subtotal",
    "Discount",
    "−€5.70",
    "VAT",
    "€10.83",
    "Total",
  ])
    await expect(details).toContainText(words);
  await expect(details).toContainText("Paid from your credit balance−€10.00");
  await expect(details).toContainText("Refunded−€5.00");
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await open.press("Enter");
  await expect(details).toHaveCount(0);
});

test("IN2 US3 one year at a time, and the file of what is shown; below 600 px each is a card", async ({
  page,
}) => {
  const asked: string[] = [];
  await openAnswered(page, "/invoices", {
    "GET /api/billing/invoices": (route) => {
      const { search } = new URL(route.request().url());
      const isCsv = route.request().headers()["accept"] === "text/csv";
      asked.push(`${isCsv ? "csv" : "json"}${search}`);
      if (isCsv)
        return route.fulfill({
          contentType: "text/csv",
          headers: {
            "content-disposition": 'attachment; filename="acme-invoices-2025-01-01_2025-12-31.csv"',
          },
          body: "id\r\n",
        });
      const data = search === "" ? shown : [{ ...paid, number: "A-0000", date: "2025-11-12T08:00:00Z" }];
      return route.fulfill({ json: { data, nextCursor: null, years: [2026, 2025] } });
    },
  });
  await page.getByLabel("Year").selectOption("2025");
  await expect(page.getByText("A-0000")).toBeVisible();
  await expect(page.getByText("A-0003")).toHaveCount(0);
  await expect(page.getByText("Upcoming"), "another year has no invoice to come").toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  expect((await download).suggestedFilename()).toBe("acme-invoices-2025-01-01_2025-12-31.csv");
  expect(asked).toContain("csv?year=2025");

  await page.setViewportSize({ width: 500, height: 800 });
  const [date, number] = [page.getByText("12 Nov 2025"), page.getByText("A-0000", { exact: true })];
  const below = async () => (await number.boundingBox())!.y > (await date.boundingBox())!.y + 10;
  await expect.poll(below, "the cells of an invoice stand below each other").toBe(true);
  await page.setViewportSize({ width: 900, height: 800 });
  await expect.poll(below).toBe(false);
});

test("section 12 without invoices it says when the first is due", async ({ page }) => {
  await openAnswered(page, "/invoices", {
    "GET /api/billing/invoices": { data: [], nextCursor: null, years: [] },
  });
  await expect(page.getByText("No invoices yet. Your first is due 12 Dec 2026.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Export CSV" })).toHaveCount(0);
});
