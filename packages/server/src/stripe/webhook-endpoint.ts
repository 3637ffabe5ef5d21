import Stripe from "stripe";

/** All that can change what we follow of a customer. Anything else is not sent. */
export const EVENTS: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = [
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.funds_reinstated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.updated",
  "charge.refunded",
  "checkout.session.completed",
  "checkout.session.expired",
  "customer.updated",
  "customer.deleted",
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.updated",
  "invoice.voided",
  "payment_intent.succeeded",
  "payment_method.attached",
  "payment_method.detached",
  "refund.created",
  "refund.failed",
  "refund.updated",
];

/**
 * Points Stripe's events at this address: the endpoint that we made before is moved, or else a new one made, whose
 * secret Stripe tells only now. For the offline Stripe, whose port may differ at each start.
 */
export async function ensureWebhookEndpoint(
  stripe: Stripe,
  { url, endpointId }: { url: string; endpointId?: string | undefined },
): Promise<{ endpointId: string; secret?: string }> {
  if (endpointId !== undefined) {
    try {
      await stripe.webhookEndpoints.update(endpointId, { url, enabled_events: EVENTS });
      return { endpointId };
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing"))
        throw error;
    }
  }
  const endpoint = await stripe.webhookEndpoints.create({
    url,
    enabled_events: EVENTS,
    api_version: Stripe.API_VERSION,
  });
  return { endpointId: endpoint.id, ...(endpoint.secret === undefined ? {} : { secret: endpoint.secret }) };
}
