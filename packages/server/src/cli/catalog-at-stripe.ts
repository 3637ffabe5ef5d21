import { join } from "node:path";
import type { Catalog } from "@bursar/core";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { readSettings } from "../settings.ts";
import { createGateway, type Gateway } from "../stripe/gateway.ts";
import { UsageError } from "./process.ts";
import { readRunningService } from "./running-service.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

/** The catalogue file and the Stripe that it is for: that of the settings, else the offline one of the running demo. */
export async function openCatalog(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ catalog: Catalog; gateway: Gateway }> {
  if (args.length > 0) throw new UsageError(`${name} takes no arguments, not "${args.join(" ")}".`);
  const { stripe, catalogPath, dataFolder } = readSettings(env, ROOT_FOLDER);
  const catalog = await loadCatalog(catalogPath);
  const { apiBase, secretKey } = stripe;
  if (secretKey !== undefined) {
    const at = apiBase === undefined ? {} : { apiBase };
    return { catalog, gateway: createGateway({ ...at, secretKey, webhookSecret: "" }) };
  }
  const { stripeUrl, stripeKey } = readRunningService(dataFolder);
  return { catalog, gateway: createGateway({ apiBase: stripeUrl, secretKey: stripeKey, webhookSecret: "" }) };
}
