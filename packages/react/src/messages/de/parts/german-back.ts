/** Back from Stripe. */
export { backWords as back } from "../back.ts";
