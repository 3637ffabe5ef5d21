import { createHmac } from "node:crypto";
import type { IdSource, Instant } from "@bursar/core";
import { SECOND_MS } from "@bursar/core";

/** Standard Webhooks 1.0: a symmetric secret is `whsec_` and base64 of 24 to 64 random bytes; ours have 32. */
const SECRET_PREFIX = "whsec_";

export function newSecret(ids: IdSource): string {
  return SECRET_PREFIX + Buffer.from(ids.secret(), "base64url").toString("base64");
}

/** The three headers of a try. Each secret signs, so that a receiver that still has the old one goes on working. */
export function signedHeaders(message: {
  id: string;
  /** Of this try, not of what it tells: receivers refuse old ones, so that nothing is played back to them. */
  at: Instant;
  body: string;
  secrets: readonly string[];
}): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const { id, at, body, secrets } = message;
  const timestamp = String(Math.floor(at / SECOND_MS));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
