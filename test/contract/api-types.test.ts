/*
 * The page's types are written by hand and the server's schemas validate and document; the compiler holds the two
 * against each other here, so that neither can change alone.
 */
import type {
  Credits,
  CreditTransaction,
  Invoice,
  MeterUsage,
  Overview,
  Pack,
  PlanOffer,
  Preview,
  Problem,
} from "@bursar/client";
import type { z } from "@hono/zod-openapi";
import { expectTypeOf, it } from "vitest";
import type * as billing from "../../packages/server/src/http/schemas/billing.ts";
import type { problem } from "../../packages/server/src/http/schemas/common.ts";
import type * as credits from "../../packages/server/src/http/schemas/credits.ts";

it("B1 the client's types are the server's schemas", () => {
  expectTypeOf<z.output<typeof billing.overview>>().toExtend<Overview>();
  expectTypeOf<Overview>().toExtend<z.output<typeof billing.overview>>();
  expectTypeOf<z.output<typeof billing.meterUsage>>().toExtend<MeterUsage>();
  expectTypeOf<z.output<typeof billing.planOffer>>().toExtend<PlanOffer>();
  expectTypeOf<z.output<typeof billing.preview>>().toExtend<Preview>();
  expectTypeOf<z.output<typeof billing.invoice>>().toExtend<Invoice>();
  expectTypeOf<z.output<typeof credits.pack>>().toExtend<Pack>();
  expectTypeOf<z.output<typeof credits.creditTransaction>>().toExtend<CreditTransaction>();
  expectTypeOf<z.output<typeof credits.credits>>().toExtend<Credits>();
  expectTypeOf<z.output<typeof problem>>().toExtend<Problem>();
});
