/** Stripe's webhook signature: `t=<unix seconds>,v1=<hex hmac-sha256 of "t.body">`, made afresh for every try. */
import { createHmac } from "node:crypto";

export function signatureHeader(secret: string, body: string, unixSeconds: number): string {
  const signature = createHmac("sha256", secret).update(`${unixSeconds}.${body}`).digest("hex");
  return `t=${unixSeconds},v1=${signature}`;
}
