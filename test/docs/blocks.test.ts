/* No guide says what does not work: each block is run, read here, or stands in ways.ts with the reason why not. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { noticeKinds } from "../../packages/server/src/outbox/kinds.ts";
import { readServeSettings } from "../../packages/server/src/settings.ts";
import { blocksOf, guideFiles, readGuide, ROOT } from "./blocks.ts";
import { blocksBy, pairsOf } from "./pairs.ts";
import { newFolder } from "./reader.ts";
import { WAYS, type Way } from "./ways.ts";

describe("B5 each block of the guides", () => {
  it("has its row in ways.ts, and each row its block", () => {
    const files = [...new Set([...guideFiles(), ...Object.keys(WAYS)])];
    const counts = files.map((file) => [file, pairsOf(file).length]);
    expect(counts).toEqual(files.map((file) => [file, WAYS[file]?.length ?? 0]));
    expect(counts.length).toBeGreaterThan(25);
  });

  it("that another test runs is run there", () => {
    const lost = blocksBy("by").filter(({ way }) => {
      const { by, holds } = way as Extract<Way, { by: string }>;
      return !readFileSync(join(ROOT, by), "utf8").includes(holds);
    });
    expect(lost).toEqual([]);
  });

  it("of settings names those of docs/settings.md, and bursar serve takes them", () => {
    const known = readGuide("docs/settings.md");
    const needed = {
      DATABASE_URL: "postgres://a@b/c",
      STRIPE_SECRET_KEY: "sk_test_0",
      STRIPE_WEBHOOK_SECRET: "whsec_0",
    };
    const found = blocksBy("settings");
    expect(found.length).toBeGreaterThan(0);
    for (const { block } of found) {
      const given = [...block.text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(
        ([, name = "", value = ""]): [string, string] => [name, value.replace("...", "0")],
      );
      expect(given).toHaveLength(block.text.trim().split("\n").length);
      expect(given.filter(([name]) => !known.includes(`\`${name}\``))).toEqual([]);
      expect(() =>
        readServeSettings({ ...needed, ...Object.fromEntries<string>(given) }, ROOT),
      ).not.toThrow();
    }
  });

  it("of Prometheus asks this service and sends a token", () => {
    const credentials = expect.any(String) as string;
    const targets = [{ targets: ["bursar:4242"] }];
    const job = { job_name: "bursar", authorization: { credentials }, static_configs: targets };
    expect(blocksBy("prometheus").map(({ block }) => parse(block.text) as unknown)).toEqual([
      { scrape_configs: [job] },
    ]);
  });

  it("of colours sets variables that the page has", () => {
    const styles = readFileSync(join(ROOT, "packages/react/src/styles-frame.css"), "utf8");
    const names = blocksBy("theme").flatMap(({ block }) => block.text.match(/--bursar-[\w-]+/g) ?? []);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !styles.includes(`${name}:`))).toEqual([]);
  });

  it("of a message is as the schema of its type has it", () => {
    const messages = blocksBy("message").map(({ block }) => JSON.parse(block.text) as Message);
    expect(messages.length).toBeGreaterThan(0);
    for (const { type, timestamp, data } of messages) {
      const { account, ...rest } = data;
      expect(noticeKinds.find((kind) => kind.type === type)?.data.safeParse(rest).success).toBe(true);
      expect(Object.keys(account)).toEqual(["id", "externalId"]);
      expect(new Date(timestamp).toISOString()).toBe(timestamp);
    }
  });

  it("of TypeScript compiles, each as a file of its own", { timeout: 60_000 }, () => {
    const folder = newFolder();
    try {
      const found = [
        ...blocksBy("compiles"),
        ...blocksBy("prints"),
        ...ofReadme("packages/client/README.md"),
      ];
      for (const [index, { block }] of found.entries()) {
        writeFileSync(join(folder, `block-${index}.${block.language === "tsx" ? "tsx" : "ts"}`), block.text);
      }
      const { compilerOptions } = JSON.parse(read("packages/react/tsconfig.json")) as Record<string, object>;
      const config = {
        extends: join(ROOT, "tsconfig.base.json"),
        compilerOptions: { ...compilerOptions, types: ["node", "vite/client"], rootDir: "/" },
        include: ["block-*"],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(ROOT, "node_modules/typescript-native/bin/tsc");
      const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      const legend = found.map(({ file, block }, index) => `block-${index} is ${file}:${block.line}`);
      expect([status, stdout], legend.join("\n")).toEqual([0, ""]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown> & { readonly account: object };
}

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

function ofReadme(file: string) {
  return blocksOf(readGuide(file))
    .filter(({ language }) => language.startsWith("ts"))
    .map((block) => ({ file, block }));
}
