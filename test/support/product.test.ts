import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startProduct, type Product } from "./product.ts";

async function withProduct(work: (product: Product) => Promise<void>): Promise<void> {
  const product = await startProduct();
  try {
    await work(product);
  } finally {
    await product.stop();
  }
}

it("the started product tells scripts in demo.json where it is, for its owner's eyes only", async () => {
  await withProduct(async (product) => {
    expect(statSync(join(product.dataFolder, "demo.json")).mode & 0o777).toBe(0o600);
    expect(product.signInUrl.startsWith(product.url)).toBe(true);
    expect(product.output()).toContain(product.url);
    expect((await fetch(product.url)).status).toBe(200);
  });
}, 120_000);

it("the product comes back on its address after a kill and after Ctrl-C, which ends it with code 0", async () => {
  await withProduct(async (product) => {
    const before = product.url;
    await product.kill();
    await expect(fetch(product.url)).rejects.toThrow();
    await product.restart();
    await product.restart();
    expect(product.url).toBe(before);
    expect((await fetch(product.url)).status).toBe(200);
    expect(await product.stop()).toBe(0);
    expect(existsSync(product.dataFolder)).toBe(false);
  });
}, 120_000);
