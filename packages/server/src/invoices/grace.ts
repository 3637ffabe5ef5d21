import { DAY_MS } from "@bursar/core";

/** How long a plan is kept after the first failed try, while Stripe retries (S6). */
export const PAST_DUE_GRACE_MS = 14 * DAY_MS;
