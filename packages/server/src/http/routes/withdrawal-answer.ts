import type { z } from "@hono/zod-openapi";
import { findPlan, type Catalog } from "@bursar/core";
import type { WithdrawalRow } from "../../withdrawals/store.ts";
import type * as schemas from "../schemas/billing.ts";
import { iso, isoOrNull } from "../schemas/common.ts";

/** The receipt. */
export function withdrawalAnswer(catalog: Catalog, row: WithdrawalRow): z.output<typeof schemas.withdrawal> {
  const { withdrawalId: id, planId, name, email, refundCents: amount, creditCents: credit, currency } = row;
  const state = row.state === "done" ? "sent" : row.failure === null ? "pending" : "held_up";
  return {
    ...{ id, planId, planName: findPlan(catalog, planId)?.name ?? planId, name, email },
    concludedAt: iso(row.concludedAt),
    declaredAt: iso(row.declaredAt),
    endsAt: isoOrNull(row.endedAt),
    refund: { state, amount, credit, currency },
  };
}
