import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a later start of the demo must know, and nobody else may read: kept in the data folder, mode 0600. */
export interface DemoSecrets {
  webhookEndpointId?: string;
  webhookSecret?: string;
  platformKey?: string;
  /** As it was made at the first start. */
  ownerPassword?: string;
}

const FILE = "demo-secrets.json";

export function readSecrets(folder: string): DemoSecrets {
  const path = join(folder, FILE);
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as DemoSecrets;
  } catch {
    throw new Error(
      `${path} is broken. Remove the data folder ${folder} to begin anew; the demo's data is lost.`,
    );
  }
}

/** Written beside and moved into place, so that a crash leaves the old file or the new one. */
export function writePrivateJson(folder: string, name: string, value: unknown): void {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const writeSecrets = (folder: string, secrets: DemoSecrets): void =>
  writePrivateJson(folder, FILE, secrets);
