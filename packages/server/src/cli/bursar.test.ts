import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function bursar(...args: string[]) {
  const script = join(import.meta.dirname, "bursar.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("bursar", () => {
  it("without a command lists them all", () => {
    const { status, stdout } = bursar();
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: bursar COMMAND");
    expect(stdout).toMatch(/^ {2}demo +\S/m);
  });

  it("refuses a command that it does not have, with exit code 2, and lists those that it has", () => {
    const { status, stdout, stderr } = bursar("events", "export");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('There is no command "events export".');
    expect(stderr).toMatch(/^ {2}demo +\S/m);
  });

  it("explains a command with --help and does nothing", () => {
    const { status, stdout } = bursar("demo", "--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: bursar demo");
  });
});
