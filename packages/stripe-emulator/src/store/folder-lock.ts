/**
 * One process a folder: two would each hold objects that the other does not know, and write over each other's journal.
 * The lock is a socket in the folder that answers for as long as its process lives. A killed process leaves a file that
 * nobody answers on, which the next one replaces, so that a crash never needs a hand.
 */
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The operating systems refuse longer socket names; Linux at 108 bytes, others a little earlier. */
const MAX_NAME_BYTES = 100;

/** Rejects with a sentence when another process holds the folder. Returns what gives it back. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = socketName(realpathSync(folder));
  if (await answers(name)) throw inUse(folder);
  if (process.platform !== "win32") rmSync(name, { force: true });
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? inUse(folder) : error),
    );
    server.listen(name, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function inUse(folder: string): Error {
  return new Error(
    `The folder ${folder} is in use by another stripe-emulator: stop that one, or give this one another folder.`,
  );
}

function socketName(folder: string): string {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  if (process.platform === "win32") return String.raw`\\.\pipe\stripe-emulator-${hash}`;
  const inside = join(folder, "in-use.sock");
  return Buffer.byteLength(inside) <= MAX_NAME_BYTES
    ? inside
    : join(tmpdir(), `stripe-emulator-${hash}.sock`);
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
