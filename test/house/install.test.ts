import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "./repository.ts";

/** A repository with one workspace and no other package: `npm ci` has something to do and nothing to fetch. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bursar-install-"));
  const part = { name: "part", version: "1.0.0" };
  const whole = { name: "fresh-clone", version: "1.0.0", workspaces: ["part"] };
  const packages = { "": whole, part, "node_modules/part": { resolved: "part", link: true } };
  mkdirSync(join(folder, "part"));
  writeFileSync(join(folder, "part/package.json"), JSON.stringify(part));
  writeFileSync(join(folder, "package.json"), JSON.stringify(whole));
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ ...whole, lockfileVersion: 3, packages }),
  );
  mkdirSync(join(folder, "scripts"));
  copyFileSync(join(root, "scripts/install.mjs"), join(folder, "scripts/install.mjs"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param version what the script is told about its Node; without it the truth */
function install(version?: string): { status: number | null; output: string } {
  const disguise = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  const options =
    version === undefined ? [] : ["--import", `data:text/javascript,${encodeURIComponent(disguise)}`];
  const env = { ...process.env, npm_execpath: "" };
  const script = join(folder, "scripts/install.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, script], {
    env,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describe("the installer, before npm start and npm test,", () => {
  it("installs once, and again when the packages are gone", () => {
    const first = install();
    expect(first.output).toMatch(/^Installing .* done in \d+ s\.\n$/);
    expect(first.status).toBe(0);
    expect(install()).toEqual({ status: 0, output: "" });
    rmSync(join(folder, "node_modules"), { recursive: true });
    expect(install().output).toMatch(/^Installing/);
  });

  it("leaves packages alone that were installed by hand from the same lock file", () => {
    install();
    rmSync(join(folder, "node_modules/.bursar-lock-hash"));
    expect(install()).toEqual({ status: 0, output: "" });
  });

  it("misses an optional package that is for this machine, and none that is for another", () => {
    install();
    const lock = join(folder, "package-lock.json");
    const addOptional = (name: string, os: string) => {
      const whole = JSON.parse(readFileSync(lock, "utf8")) as { packages: Record<string, object> };
      const entry = { version: "1.0.0", optional: true, os: [os], cpu: [process.arch] };
      whole.packages[`node_modules/${name}`] = entry;
      writeFileSync(lock, JSON.stringify(whole));
    };
    addOptional("for-another", "aix");
    expect(install()).toEqual({ status: 0, output: "" });
    addOptional("for-here", process.platform);
    expect(install().output).toMatch(/^Installing/);
  });

  it("installs after a change of the lock file, and hands on npm's words when that does not succeed", () => {
    install();
    const lock = join(folder, "package-lock.json");
    writeFileSync(lock, readFileSync(lock, "utf8").replace("node_modules/part", "node_modules/other"));
    const { status, output } = install();
    expect(status).toBe(1);
    expect(output).toContain("part@1.0.0");
    expect(output).toContain("`npm ci` did not succeed");
  });

  it("refuses a Node that is too old for the packages, and says what to install", () => {
    const { status, output } = install("18.20.4");
    expect(status).toBe(1);
    expect(output).toContain(
      "Bursar needs Node 20.19 or newer, and this is Node 18.20.4. Install a newer one",
    );
  });

  it("refuses a Node that cannot run TypeScript where no newer one came with the packages", () => {
    const { status, output } = install("20.20.2");
    expect(status).toBe(1);
    expect(output).toContain("needs Node 22.18 or newer; this is Node 20.20.2");
  });
});
