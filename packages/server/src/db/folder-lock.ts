import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Most systems refuse longer names for a socket, Linux at 108 bytes. */
const SOCKET_PATH_BYTES_MAX = 100;

export class FolderInUseError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Bursar. Stop that one, or set BURSAR_DATA to another folder.`,
    );
  }
}

/**
 * Takes a data folder for this process. PGlite does not lock its folder, and two processes on one would lose each
 * other's rows without any error. The lock is a listening socket: it dies with the process, so a crash leaves at most
 * a file that nobody answers on, which is recognised and replaced.
 * @returns gives the folder back
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(realpathSync(folder));
  if (await isAnswered(path)) throw new FolderInUseError(folder);
  rmSync(path, { force: true });
  const server = net.createServer((socket) => socket.end());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new FolderInUseError(folder) : error),
    );
    server.listen(path, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function socketPath(folder: string): string {
  const inside = join(folder, "in-use.sock");
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX) return inside;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  return join(tmpdir(), `bursar-${name}.sock`);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
