/** Stripe's webhook signature: `t=<unix seconds>,v1=<hex hmac-sha256 of "t.body">`, made afresh for every try. */
import { createHmac } from "node:crypto";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";

/** While a secret is being replaced both sign, and whoever knows either one of them can check. */
export function signatureHeader(secrets: string[], body: string, unixSeconds: number): string {
  const signed = secrets.map((secret) => {
    const signature = createHmac("sha256", secret).update(`${unixSeconds}.${body}`).digest("hex");
    return `v1=${signature}`;
  });
  return [`t=${unixSeconds}`, ...signed].join(",");
}

/** The current secret, and the one before it until that expires. */
export function signingSecrets(endpoint: WebhookEndpoint, nowMs: number): string[] {
  const { secret, old_secret } = endpoint;
  return old_secret && old_secret.expires_at * 1000 > nowMs ? [secret, old_secret.secret] : [secret];
}
