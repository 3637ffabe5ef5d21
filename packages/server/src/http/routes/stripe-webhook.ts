import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Variables } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";

/** `POST /webhooks/stripe`: prove the signature on the raw bytes, store, answer; the work comes later. */
export function stripeWebhookRoute(
  app: OpenAPIHono<{ Variables: Variables }>,
  { gateway, inbox, kickInbox }: Services,
): void {
  app.post("/webhooks/stripe", async (c) => {
    const signature = c.req.header("stripe-signature") ?? "";
    const event = gateway.verifyEvent(await c.req.text(), signature);
    if (event === null) {
      throw new ProblemError(
        "invalid_signature",
        "The Stripe-Signature does not match, or this is no event. Check STRIPE_WEBHOOK_SECRET. Nothing was stored.",
      );
    }
    await inbox.receive(event);
    kickInbox();
    return c.json({ received: true });
  });
}
