import { pushCatalog, sayPriceChange } from "../catalog/push.ts";
import { openCatalog } from "./catalog-at-stripe.ts";
import type { Command } from "./process.ts";

export const command: Command = {
  summary: "make the products and prices of the catalogue at Stripe",
  help: `Usage: bursar catalog push

Makes each price of the catalogue file that Stripe lacks or has otherwise, as bursar catalog diff lists them. A price is
never changed: a new one takes its place, and who is subscribed keeps the old. Pushing twice changes nothing, and a push
that was cut off is finished by the next. BURSAR_CONFIG, STRIPE_API_BASE and STRIPE_SECRET_KEY say which file and which
Stripe.

Exit code 0: Stripe has the catalogue. 1: it could not be pushed. 2: called wrongly.`,
  async run(args, env) {
    const { catalog, gateway } = await openCatalog("bursar catalog push", args, env);
    const made = await pushCatalog(catalog, gateway);
    for (const change of made) console.log(sayPriceChange(change));
    const prices = made.length === 1 ? "1 price" : `${made.length} prices`;
    console.log(made.length === 0 ? "Stripe has this catalogue. Nothing was changed." : `Made ${prices}.`);
  },
};
