/** The control page: what a dashboard would be to Stripe, as far as tests need one. No key, loopback only. */
import type { Hono } from "hono";
import type { Env } from "../env.ts";
import { mountEventLog } from "./event-log.ts";
import { mountFaultForms } from "./fault-forms.ts";
import type { ControlOptions } from "./frame.ts";
import { mountObjects } from "./objects.ts";
import { mountOverview } from "./overview.ts";
import { refuseOtherSites } from "./same-site.ts";
import { mountEndpoints } from "./webhook-forms.ts";

export function mountControl(app: Hono<Env>, options: ControlOptions): void {
  app.use("/_emulator/*", refuseOtherSites);
  mountOverview(app, options);
  mountObjects(app, options);
  mountEventLog(app, options);
  mountEndpoints(app, options);
  mountFaultForms(app, options);
}
