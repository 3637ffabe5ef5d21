/** An offline Stripe: `startStripeEmulator()` and point the official SDK at its host and port. */
export { startStripeEmulator, DEFAULT_SECRET_KEY } from "./start.ts";
export type { StripeEmulator, StripeEmulatorOptions } from "./start.ts";
export type { Fault, FaultSpec } from "./faults/fault.ts";
export type { AccountOptions, AccountSettings } from "./account.ts";
