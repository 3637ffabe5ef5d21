/** The SDK's types, for parameters and event names; types only, so that nothing of the SDK is loaded. */
import type Stripe from "stripe";

export type { Stripe };
