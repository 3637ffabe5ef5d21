#!/usr/bin/env node
/** `stripe-emulator [--port 12111] [--data folder] [--key sk_test_...]`: an offline Stripe by itself. */
import { parseArgs } from "node:util";
import { startStripeEmulator } from "./start.ts";

const USAGE = `Usage: stripe-emulator [options]

  --port <number>    port to listen on (default 12111; 0 takes a free one)
  --host <address>   address to listen on (default 127.0.0.1)
  --data <folder>    keep the state in this folder (default: in memory only)
  --key <secret>     the API key to accept (default sk_test_emulator)
  --country <code>   the seller's country (default DE)
  --help             show this`;

const DEFAULT_PORT = "12111";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: DEFAULT_PORT },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
      key: { type: "string" },
      country: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port} is not a port.`);
  const emulator = await startStripeEmulator({
    port,
    host: values.host,
    ...(values.data !== undefined && { dataDir: values.data }),
    ...(values.key !== undefined && { secretKey: values.key }),
    ...(values.country !== undefined && { account: { country: values.country.toUpperCase() } }),
  });
  console.log(`Offline Stripe on ${emulator.url}, key ${emulator.secretKey}`);
  console.log(
    `new Stripe("${emulator.secretKey}", { host: "${emulator.host}", port: ${emulator.port}, protocol: "http" })`,
  );
  const stop = () => void emulator.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
