import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FolderInUseError, lockFolder } from "./folder-lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bursar-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("a folder in use is refused to the second who takes it, and free again afterwards", async () => {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError);
  await expect(lockFolder(folder)).rejects.toThrow(folder);
  await release();
  await (
    await lockFolder(folder)
  )();
});

it("a socket that a killed process left behind is taken over", async () => {
  const socket = join(folder, "in-use.sock");
  // A process that is killed while it listens removes nothing.
  const script = `require("net").createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"))`;
  expect(() => execFileSync(process.execPath, ["-e", script], { stdio: "ignore" })).toThrow();
  expect(existsSync(socket)).toBe(true);
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError);
  await release();
});

it("a folder whose name is too long for a socket is locked all the same", async () => {
  const deep = join(folder, "x".repeat(120));
  const release = await lockFolder(deep);
  await expect(lockFolder(deep)).rejects.toThrow(FolderInUseError);
  await release();
});
