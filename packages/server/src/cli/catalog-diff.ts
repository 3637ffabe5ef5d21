import { diffCatalog, sayPriceChange } from "../catalog/push.ts";
import { openCatalog } from "./catalog-at-stripe.ts";
import type { Command } from "./process.ts";

export const command: Command = {
  summary: "say what bursar catalog push would do; exit code 1 when there is something",
  help: `Usage: bursar catalog diff

Compares the catalogue file with the prices at Stripe and prints one line for each price that a push would make. Nothing
is changed. BURSAR_CONFIG names another file; STRIPE_API_BASE and STRIPE_SECRET_KEY another Stripe than the demo's.

Exit code 0: Stripe has the catalogue. 1: a push would do something, or Stripe could not be asked. 2: called wrongly.`,
  async run(args, env) {
    const { catalog, gateway } = await openCatalog("bursar catalog diff", args, env);
    const changes = await diffCatalog(catalog, gateway);
    for (const change of changes) console.log(sayPriceChange(change));
    if (changes.length === 0) console.log("Stripe has this catalogue. A push would change nothing.");
    else process.exitCode = 1;
  },
};
