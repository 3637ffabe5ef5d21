/* The example chat, from the first word to the pack that keeps it going, as somebody new to it walks through. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBackend } from "@bursar/client";
import { build } from "vite";
import { createChat } from "../../../examples/chat/server.ts";
import { freePort } from "../../support/free-port.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import { typeCard } from "../hosted-pages.ts";

test("the chat is metered live, refused kindly with 402, and goes on after an upgrade; then a pack is bought", async ({
  page,
  product,
  axe,
}) => {
  const dist = mkdtempSync(join(tmpdir(), "bursar-chat-"));
  const chat = await createChat({ bursarUrl: product.url, key: product.platformKey, dist });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("402")) complaints.push(message.text());
  });
  try {
    await build({ root: "examples/chat", logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    await new Promise<void>((resolve) => chat.listen(port, "127.0.0.1", resolve));
    await page.goto(origin);
    const left = page.getByRole("complementary", { name: "What is left" });
    const tokens = left.getByRole("meter", { name: "AI tokens" });
    await expect(tokens).toHaveAttribute("aria-valuenow", "0");

    const say = async (words: string) => {
      await page.getByLabel("Message").fill(words);
      await page.getByRole("button", { name: "Send" }).click();
      await expect(page.getByRole("button", { name: "Send" })).toBeEnabled();
    };
    for (const [index, words] of ["one", "two", "three", "four"].entries()) {
      await say(words);
      await expect(page.getByText(`You said: ${words}`)).toBeVisible();
      // "You", "said:" and the word are the answer's three tokens; the bar beside the chat follows by itself.
      await expect(tokens).toHaveAttribute("aria-valuenow", String((index + 1) * 12_003));
    }
    await expect(left.getByRole("meter", { name: "Sessions" })).toHaveAttribute("aria-valuenow", "1");

    await say("five");
    const refusal = page.getByRole("alert");
    await expect(refusal).toContainText("Too few tokens are left for another answer.");
    await expect(page.getByText("You said: five")).toHaveCount(0);
    await expect(page.getByLabel("Message"), "what was typed stays").toHaveValue("five");
    await axe();
    await inEachAppearance(page, () => expectNoSidewaysScroll(page));

    await refusal.getByRole("link", { name: "See the plans" }).click();
    await expect(page).toHaveURL(`${origin}/settings/billing/plans`);
    await page.getByRole("radio", { name: /^Personal/ }).check();
    await page.getByRole("button", { name: "Continue to payment" }).click();
    await page.getByLabel("Card number").waitFor();
    await typeCard(page, "4242424242424242");
    await page.getByRole("button", { name: /^Subscribe and pay/ }).click();
    await expect(page.getByText("You are on Personal.")).toBeVisible();
    expect(page.url().startsWith(`${origin}/settings/billing`), "back in the product").toBe(true);

    await page.getByRole("link", { name: "Chat", exact: true }).click();
    await say("five");
    await expect(page.getByText("You said: five")).toBeVisible();
    // A first paid plan begins a window of its own.
    await expect(tokens).toHaveAttribute("aria-valuenow", "12003");

    // Another program of this customer uses up all that the plan includes; what is left are packs.
    const sam = createBackend({ baseUrl: product.url, key: product.platformKey }).forAccount("sam");
    await sam.withHold({ tokens: 1_000_000 - 12_003 }, () => Promise.resolve());
    await say("six");
    await refusal.getByRole("link", { name: "Buy credits" }).click();
    await page.getByRole("radio", { name: /Starter/ }).check();
    await page.getByRole("button", { name: "Purchase 1,000,000 tokens for €5.00" }).click();
    await expect(page.getByText(/1,000,000 tokens are in\./)).toBeVisible();
    await page.getByRole("link", { name: "Chat", exact: true }).click();
    await say("six");
    await expect(page.getByText("You said: six")).toBeVisible();
    await expect(left.getByText("987,997").first(), "the pack pays for the answer").toBeVisible();
    expect(complaints, "nothing that the policy refuses").toEqual([]);
  } finally {
    chat.closeAllConnections();
    chat.close();
    rmSync(dist, { recursive: true, force: true });
  }
});
