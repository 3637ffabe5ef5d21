import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockFolder } from "../../packages/server/src/db/folder-lock.ts";

const root = join(import.meta.dirname, "../..");

/** Runs `bursar demo` until it ends by itself, which is what it does when it cannot start. */
function startBadly(env: Record<string, string>): Promise<{ exitCode: number | null; output: string }> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["packages/server/src/cli/bursar.ts", "demo"], {
      cwd: root,
      env: { PATH, HOME, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => (output += chunk.toString("utf8"));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}

describe("a start that cannot succeed ends with a sentence and a failure", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bursar-start-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const withData = (env: Record<string, string>) =>
    startBadly({ PORT: "0", BURSAR_DATA: join(folder, "data"), ...env });

  async function withCatalogue(name: string, text: string) {
    const path = join(folder, name);
    writeFileSync(path, text);
    const ended = await withData({ BURSAR_CONFIG: path });
    expect(ended.exitCode, ended.output).toBe(1);
    expect(ended.output).toContain(path);
    expect(ended.output).not.toMatch(/^\s+at /m);
    return ended.output;
  }

  it("C2 a broken catalogue: every mistake with its path and reason", async () => {
    const output = await withCatalogue(
      "broken.ts",
      `export default {
        currency: "eur",
        meters: {
          sessions: { name: "Sessions", unit: "session", kind: "counter", limitSentence: "No more" },
          ai_tokens: { name: "AI tokens", unit: "token", kind: "tokens", pastLimit: "credits", limitSentence: "Credits" },
        },
        plans: {
          free: { name: "Free", kind: "free", limits: { sessions: 1 } },
          team: { name: "Team", kind: "paid", limits: { sessions: 2, ai_tokens: 5, minutes: 3 } },
        },
        packs: {},
      };`,
    );
    expect(output).toContain("3 mistakes");
    expect(output).toContain("plans.free.limits.ai_tokens: is missing");
    expect(output).toContain("plans.team.limits.minutes: names no meter");
    expect(output).toContain("plans.team.priceCents: has a price");
  });

  it("a catalogue that cannot be read, has no default export, or is not there", async () => {
    expect(await withCatalogue("syntax.ts", "export default {{")).toContain("cannot be read");
    expect(await withCatalogue("empty.ts", "export const a = 1;")).toContain("no default export");
    const path = join(folder, "gone.ts");
    const { exitCode, output } = await withData({ BURSAR_CONFIG: path });
    expect([exitCode, output]).toEqual([1, expect.stringContaining(`There is no catalogue at ${path}`)]);
  });

  it.each(["sk_live_1", "rk_live_1"])("a live key of Stripe: %s", async (key) => {
    const { exitCode, output } = await withData({ STRIPE_SECRET_KEY: key });
    expect([exitCode, output]).toEqual([1, expect.stringContaining("does not take a live Stripe key")]);
  });

  it("a busy port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { exitCode, output } = await withData({ PORT: String(port) });
    await new Promise((resolve) => server.close(resolve));
    expect(exitCode).toBe(1);
    expect(output).toContain(`Port ${port} is in use.`);
  });

  it("a data folder in use", async () => {
    const data = join(folder, "taken");
    mkdirSync(data);
    const release = await lockFolder(data);
    const { exitCode, output } = await withData({ BURSAR_DATA: data });
    await release();
    expect(exitCode).toBe(1);
    expect(output).toContain(`The data folder ${data} is in use`);
  });

  it("an unsuitable setting", async () => {
    const { exitCode, output } = await withData({ PORT: "http" });
    expect(exitCode).toBe(1);
    expect(output).toContain("PORT is a number from 0 to 65535");
  });
});
