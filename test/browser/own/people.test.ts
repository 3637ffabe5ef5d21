/*
 * Who holds the seats: invited within what is bought, beyond it by one review for all, withdrawn, accepted, removed. On a
 * product of its own, because the tests beside it count seats too.
 */
import type { Page } from "@playwright/test";
import { startProduct, type Product } from "../../support/product.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test as base } from "../fixtures.ts";
import { typeCard } from "../hosted-pages.ts";

const test = base.extend<object, { own: Product }>({
  own: [
    async ({}, use) => {
      const product = await startProduct();
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

/** The seats screen of a new account with Team and so many seats. */
async function openSeats(page: Page, product: Product, seats: number): Promise<void> {
  const billing = `${product.url}/settings/billing`;
  await page.goto(product.signInUrl);
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
  await page.goto(`${billing}/plans?plan=team&interval=month&seats=${seats}`);
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByLabel("Card number").waitFor();
  await typeCard(page, "4242424242424242");
  await page.getByRole("button", { name: /^Subscribe and pay/ }).click();
  await expect(page.getByText("You are on Team.")).toBeVisible();
  await page.goto(`${billing}/seats`);
  await expect(row(page, "Ann Lindt")).toContainText("You");
}

test("S4 SE2 people are invited, ten of them by one review and one payment, and let go", async ({
  page,
  own: product,
  axe,
}) => {
  test.slow();
  await openSeats(page, product, 3);
  const field = page.getByLabel("Invite by e-mail");

  await test.step("what is wrong is said at the field, before anything is sent", async () => {
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await expect(field).toBeFocused();
    await expect(page.getByText("Enter at least one e-mail address.")).toBeVisible();
    await field.fill("bo@acme.example, cy");
    await page.getByRole("button", { name: "Invite 1 person" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: "cy is no e-mail address" })).toBeVisible();
  });

  await test.step("within the seats they are invited at once", async () => {
    await field.fill("bo@acme.example");
    await page.getByRole("button", { name: "Invite 1 person" }).click();
    await expect(page.getByRole("main").getByText(/Invited: bo@acme\.example\./)).toBeVisible();
    await expect(row(page, "bo@acme.example")).toContainText(/invited .* open until/);
    await expect(page.getByText("3 bought, 2 in use")).toBeVisible();
  });

  await test.step("beyond them the review comes first, and nobody is invited before it is paid", async () => {
    const ten = Array.from({ length: 10 }, (_, index) => `p${index}@acme.example`);
    await field.fill(ten.join("\n"));
    await expect(page.getByText("These 10 invitations need 12 seats; 3 are bought.")).toBeVisible();
    await page.getByRole("button", { name: "Review 12 seats first" }).press("Enter");
    await expect(page.getByLabel("New number")).toHaveValue("12");
    await expect(page.getByLabel("New number")).toBeFocused();
    const pay = page.getByRole("button", { name: /^Pay €[\d.]+ and add 9 seats$/ });
    await expect(pay).toBeVisible();
    await expect(page.getByText("Then your 10 invitations are sent.")).toBeVisible();
    await inEachAppearance(page, async () => {
      await expectNoSidewaysScroll(page);
      await axe();
    });
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect(row(page, "p9@acme.example")).toHaveCount(0);
    await pay.press("Enter");
    await expect(page.getByText(/You are on Team, 12 seats\. €[\d.]+ was charged\./)).toBeVisible();
    await expect(row(page, "p9@acme.example")).toBeVisible();
    await expect(page.getByText("12 bought, 12 in use")).toBeVisible();
    await expect(field).toHaveValue("");
  });

  await test.step("an invitation is withdrawn by keyboard; the question takes the focus, then what came of it", async () => {
    await page.getByRole("button", { name: "Withdraw the invitation of p9@acme.example" }).press("Enter");
    await expect(page.getByText(/p9@acme\.example stops working, and its seat is free\./)).toBeFocused();
    await axe();
    await page.getByRole("button", { name: "Withdraw invitation" }).press("Enter");
    await expect(page.getByText(/p9@acme\.example is withdrawn\. A seat is free\./)).toBeFocused();
    await expect(page.getByText("12 bought, 11 in use")).toBeVisible();
  });

  await test.step("who joins is there on the open page, and is removed after saying what it means", async () => {
    await join(product, await inviteByApi(product, "di@acme.example"), "Di Ross");
    await expect(row(page, "Di Ross")).toContainText("Member");
    await page.getByRole("button", { name: "Remove Di Ross" }).click();
    await expect(page.getByText(/Di Ross loses access at once, on every device\./)).toBeFocused();
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("button", { name: "Remove Di Ross" }).click();
    await expect(page.getByText(/Di Ross loses access at once/)).toBeFocused();
    await page.getByRole("button", { name: "Remove Di Ross" }).click();
    await expect(page.getByText("Di Ross is removed. A seat is free.")).toBeFocused();
    await expect(row(page, "Di Ross")).toHaveCount(0);
  });

  await test.step("the invited person walks from the mail to the page as themselves, in the seat that was held", async () => {
    await page.goto(`${product.url}/demo/mail`);
    const mail = page.getByRole("listitem").filter({ hasText: "to bo@acme.example" });
    await mail.getByRole("link", { name: "You are invited to Acme" }).click();
    await page.getByRole("link", { name: "Accept the invitation" }).click();
    await expect(page.getByRole("heading", { name: "Join Acme" })).toBeVisible();
    await axe();
    await page.getByLabel("Your name").fill("Bo King");
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Accept and set password" }).click();
    await expect(page.getByText("A password has at least 12 characters.", { exact: true })).toBeVisible();
    await page.getByLabel("New password").fill("seven boats at dawn");
    await page.getByRole("button", { name: "Accept and set password" }).click();
    await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
    await page.goto(`${product.url}/settings/billing/seats`);
    await expect(row(page, "Bo King")).toContainText("You");
    await expect(page.getByText("12 bought, 11 in use")).toBeVisible();
  });
});

async function send(url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** @returns the secret of the invitation, which only who made it is told */
async function inviteByApi(product: Product, email: string): Promise<string> {
  const { url, platformKey, account } = product;
  const invitations = [{ email, role: "member" }];
  const headers = { authorization: `Bearer ${platformKey}`, "bursar-account": account };
  const { data } = (await send(`${url}/api/members`, { invitations }, headers)) as {
    data: { token: string }[];
  };
  return data[0]!.token;
}

async function join({ url }: Product, token: string, name: string): Promise<void> {
  await send(`${url}/api/invitations/accept`, { token, name });
}
