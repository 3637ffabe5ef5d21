/**
 * Stripe's own command line, as npm serves it for Linux on x64; elsewhere a `stripe` on the PATH is taken. It is kept
 * from the world: its settings are in a temporary folder, and what it wants from other hosts than the emulator goes to
 * a proxy on a port where nobody listens. (It asks for newer versions of itself at each start.)
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface StripeCli {
  /** Rejects with what it printed when its exit code is not 0. */
  run(args: string[]): Promise<string>;
  close(): Promise<void>;
}

function binary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("@stripe/cli-linux-x64/package.json");
    return join(dirname(manifest), "bin/stripe");
  } catch {
    return "stripe";
  }
}

const NOBODY = "http://127.0.0.1:9";

export async function openStripeCli(): Promise<StripeCli> {
  const folder = await mkdtemp(join(tmpdir(), "stripe-cli-"));
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    DO_NOT_TRACK: "1",
    STRIPE_CLI_TELEMETRY_OPTOUT: "1",
    STRIPE_NO_AUTO_UPDATE: "1",
    STRIPE_CLI_NO_PLUGIN_AUTO_INSTALL: "1",
    HTTP_PROXY: NOBODY,
    HTTPS_PROXY: NOBODY,
    NO_PROXY: "127.0.0.1",
  };
  return {
    run: async (args) => {
      const { stdout } = await run(binary(), [...args, "--color", "off"], { env, cwd: folder });
      return stdout;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
