/* Use per day: by pointer, by keyboard alone, as a table and as a file. */
import { readFileSync } from "node:fs";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import {
  daysInProjects,
  openAnswered,
  overviewInProjects,
  refusal,
  teamOverview,
  usageDaysOf,
} from "./answered-page.ts";

const data = usageDaysOf([700, 640, 180, 120, 980, 1_100, 1_010, 930, 890, 260, 1_602]);
const projection = { low: 9_800, mid: 10_000, high: 10_000, limitReachedAt: "2026-11-24T10:00:00Z" };
const DAILY = "GET /api/billing/usage/daily";

test("US1 US2 X1 the chart is read by keyboard, day by day, and says where use is going", async ({
  page,
  axe,
}) => {
  await openAnswered(page, "/usage?meter=events", { [DAILY]: { data, projection } });
  const chart = page.getByRole("slider", { name: "Events, day by day" });
  await expect(chart).toHaveAttribute("aria-valuetext", "22 Nov 2026, so far: 1,602. Total 8,412.");
  await expect(page.getByText("You reach 10,000 around 24 Nov 2026.")).toBeVisible();
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await page.getByRole("button", { name: "Export CSV" }).focus();
  await page.keyboard.press("Tab");
  await expect(chart).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(chart).toHaveAttribute("aria-valuetext", "21 Nov 2026: 260. Total 6,810.");
  await page.keyboard.press("Home");
  await expect(page.getByText("12 Nov 2026: 700. Total 700.")).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(chart).toHaveAttribute("aria-valuenow", "1");
  await page.keyboard.press("End");
  await expect(chart).toHaveAttribute("aria-valuenow", "11");
  // One stop for the whole chart: the next is the link below it.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "See plans" })).toBeFocused();
});

test("US1 a first day that began in the window before says how much of it does not count", async ({
  page,
}) => {
  const begun = usageDaysOf([1_000, 640, 180, 120, 980, 1_100, 1_010, 930, 890, 260, 1_602]);
  await openAnswered(page, "/usage?meter=events", { [DAILY]: { data: begun, projection: null } });
  const note = page.getByText(
    "Of 12 Nov 2026, 300 were used before this period began and do not count in it.",
  );
  await expect(note).toBeVisible();
  await page.getByRole("radio", { name: "Table" }).check();
  await expect(page.getByRole("row", { name: "12 Nov 2026 1,000 700" })).toBeVisible();
  await expect(note).toBeVisible();
  // Other days have no window to begin.
  await page.getByRole("combobox", { name: "Period" }).selectOption({ label: "Last 30 days" });
  await expect(note).toHaveCount(0);
});

test("US1 US3 table and file have the chart's days, for the meter and the days of the address", async ({
  page,
  axe,
}) => {
  const asked: string[] = [];
  await openAnswered(page, "/usage", {
    [DAILY]: async (route) => {
      const request = route.request();
      asked.push(new URL(request.url()).search);
      if (request.headers()["accept"] !== "text/csv") return route.fulfill({ json: { data, projection } });
      const headers = { "content-disposition": 'attachment; filename="acme-events.csv"' };
      return route.fulfill({ contentType: "text/csv", headers, body: "date,meter,quantity\r\n" });
    },
  });
  await page.getByRole("combobox", { name: "Meter" }).selectOption({ label: "Events" });
  await page.getByRole("combobox", { name: "Period" }).selectOption({ label: "Last 30 days" });
  await expect(page).toHaveURL(/\/usage\?meter=events&from=2026-10-24$/);
  await page.getByRole("radio", { name: "Table" }).check();
  await expect(page.getByRole("row")).toHaveCount(12);
  await expect(page.getByRole("row", { name: /22 Nov 2026, so far 1,602/ })).toBeVisible();
  await axe();
  await page.getByRole("combobox", { name: "Period" }).selectOption({ label: "Choose days" });
  await page.getByLabel("To", { exact: true }).fill("2026-11-20");
  await expect(page).toHaveURL(/from=2026-10-24&to=2026-11-20$/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("acme-events.csv");
  expect(readFileSync(await file.path(), "utf8")).toBe("date,meter,quantity\r\n");
  expect(asked.at(-1)).toBe("?meter=events&from=2026-10-24&to=2026-11-20");
  await expect(page.getByRole("main").getByText("Saved as acme-events.csv.")).toBeVisible();
});

test("US1 a second choice made before the first is on screen keeps the first", async ({ page }) => {
  await openAnswered(page, "/usage", { [DAILY]: { data, projection } });
  await expect(page.getByRole("combobox", { name: "Meter" })).toBeVisible();
  // Both within one task, so that nothing can be drawn between them.
  await page.locator(".bursar-toolbar").evaluate((toolbar) => {
    const choose = (select: HTMLSelectElement | undefined, value: string) => {
      if (select === undefined) return;
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const [meter, span] = toolbar.querySelectorAll("select");
    choose(meter, "events");
    choose(span, "30");
  });
  await expect(page).toHaveURL(/\/usage\?meter=events&from=2026-10-24$/);
  await expect(page.getByRole("combobox", { name: "Meter" })).toHaveValue("events");
});

test("US1 US3 X1 use is divided by project where the product says so, in words beside the bars, and adds up", async ({
  page,
  axe,
}) => {
  const asked: string[] = [];
  await openAnswered(page, "/usage?meter=events", {
    "GET /api/billing": overviewInProjects,
    [DAILY]: (route) => {
      asked.push(new URL(route.request().url()).search);
      if (route.request().headers()["accept"] !== "text/csv") return route.fulfill({ json: daysInProjects });
      const headers = { "content-disposition": 'attachment; filename="acme-events.csv"' };
      return route.fulfill({ contentType: "text/csv", headers, body: "date,meter,group,quantity\r\n" });
    },
  });
  const table = page.getByRole("region", { name: "By project" }).getByRole("table", {
    name: "Events by project, largest first",
  });
  await inEachAppearance(page, async () => {
    await expect(table.getByRole("row")).toHaveText([
      "ProjectShareUsed",
      "Website51\u00a0%4,310",
      "Mobile app25\u00a0%2,104",
      "Research13\u00a0%1,120",
      "Internal tools5\u00a0%402",
      "3 others2\u00a0%156",
      "Not assigned4\u00a0%320",
      "Total8,412",
    ]);
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await expect(table.getByRole("rowheader", { name: "Website" })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  await download;
  expect(asked).toEqual(["?meter=events&groupBy=project", "?meter=events&groupBy=project"]);

  // Another meter has no groups, and is not asked for any.
  await page.getByRole("combobox", { name: "Meter" }).selectOption({ label: "Sessions" });
  await expect(table).toHaveCount(0);
  await expect.poll(() => asked.at(-1)).toBe("?meter=sessions");
});

test("US1 a meter without use says so; what failed can be tried again while the rest works", async ({
  page,
  axe,
}) => {
  let isDown = true;
  await openAnswered(page, "/usage?meter=sessions", {
    [DAILY]: (route) =>
      isDown
        ? refusal(400, "invalid_request", "A span has 400 days at most.")(route)
        : route.fulfill({ json: { data: usageDaysOf([0, 0, 0]), projection: null } }),
  });
  const days = page.getByRole("region", { name: "Usage per day" });
  await expect(days.getByText("A span has 400 days at most.")).toBeVisible();
  await expect(days.getByText("req_test")).toBeVisible();
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
  await axe();
  isDown = false;
  await page.getByRole("combobox", { name: "Meter" }).selectOption({ label: "Events" });
  await expect(page.getByText("Nothing was counted in these days.")).toBeVisible();
  await axe();
});

test("section 18 the choice of mails, which comes late, has its place before", async ({ page }) => {
  const wished = Promise.withResolvers<void>();
  await page.setViewportSize({ width: 360, height: 800 });
  await openAnswered(page, "/usage?meter=events", {
    [DAILY]: { data, projection },
    "GET /api/notifications": async (route) => {
      await wished.promise;
      const meters = [{ meter: "events", name: "Events", mail: true }];
      return route.fulfill({ json: { data: [], meters } });
    },
  });
  await expect(page.getByRole("slider", { name: "Events, day by day" })).toBeVisible();
  const below = page.getByRole("region", { name: "All meters" });
  const placeOf = async () => (await below.boundingBox())!.y;
  const before = await placeOf();
  wished.resolve();
  await expect(page.getByRole("checkbox", { name: "Mail me at 80 % and 100 % of Events" })).toBeVisible();
  expect(await placeOf()).toBe(before);
});

test("US2 a person turns the mails about a meter off and on where its use is; the box shows what the server has", async ({
  page,
  axe,
}) => {
  let mail = true;
  const wishes = () => ({
    data: [{ category: "usage", name: "Usage", description: "", mail: true, required: false }],
    meters: [{ meter: "events", name: "Events", mail }],
  });
  const sent: unknown[] = [];
  await openAnswered(page, "/usage?meter=events", {
    "GET /api/notifications": (route) => route.fulfill({ json: wishes() }),
    "PUT /api/notifications": (route) => {
      sent.push(route.request().postDataJSON());
      mail = !mail;
      return route.fulfill({ json: wishes() });
    },
  });
  const box = page.getByRole("checkbox", { name: "Mail me at 80 % and 100 % of Events" });
  await expect(box).toBeChecked();
  await box.click();
  await expect(page.getByRole("main").getByText("Saved.")).toBeVisible();
  await expect(box).not.toBeChecked();
  expect(sent).toEqual([{ meters: { events: false } }]);
  await axe();

  // A key, or a token of no member, is nobody whom a mail could reach.
  await openAnswered(page, "/usage?meter=events", {
    "GET /api/billing": { ...teamOverview, viewer: { name: null, email: null, role: "owner" } },
  });
  await expect(page.getByText("At this pace").or(page.getByText("A projection needs"))).toBeVisible();
  await expect(box).toHaveCount(0);
});
