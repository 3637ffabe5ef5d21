/**
 * Stripe's own pages for a customer: Manage Payment, the card page, and the confirmation of an upgrade. What a page may
 * do is a portal configuration; each is made once, known by its metadata, and brought up to date when it is used.
 */
import Stripe from "stripe";
import { pageLocale } from "./page-locale.ts";

/** Manage Payment changes no plan and cancels nothing: that is done here, with a preview. */
type PortalRole = "manage" | "confirm" | "confirm_new_period";

/** Whose page, where it leads back to, and the language of the page that led there. */
export interface PortalPage {
  readonly customerId: string;
  readonly returnUrl: string;
  readonly locale: string | undefined;
}

export interface UpgradePageRequest extends PortalPage {
  readonly subscriptionId: string;
  readonly itemId: string;
  readonly priceId: string;
  readonly seats: number;
  readonly startsPeriod: boolean;
}

export class Portal {
  readonly #stripe: Stripe;
  readonly #configurations = new Map<string, string>();

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  async open({ customerId, returnUrl, locale }: PortalPage): Promise<string> {
    const configuration = await this.#configuration("manage");
    const session = await this.#stripe.billingPortal.sessions.create({
      customer: customerId,
      return_url: returnUrl,
      configuration,
      locale: pageLocale(locale),
    });
    return session.url;
  }

  async openCardPage({ customerId, returnUrl, locale }: PortalPage): Promise<string> {
    const configuration = await this.#configuration("manage");
    const session = await this.#stripe.billingPortal.sessions.create({
      customer: customerId,
      return_url: returnUrl,
      configuration,
      locale: pageLocale(locale),
      flow_data: {
        type: "payment_method_update",
        after_completion: { type: "redirect", redirect: { return_url: returnUrl } },
      },
    });
    return session.url;
  }

  /** The page shows Stripe's exact sum before the customer pays; a decline there changes nothing. */
  async openUpgradePage(request: UpgradePageRequest): Promise<string> {
    const price = await this.#stripe.prices.retrieve(request.priceId);
    const product = typeof price.product === "string" ? price.product : price.product.id;
    const role = request.startsPeriod ? "confirm_new_period" : "confirm";
    const configuration = await this.#configuration(role, { product, priceId: request.priceId });
    const { subscriptionId, itemId, priceId, seats, returnUrl, locale } = request;
    const session = await this.#stripe.billingPortal.sessions.create({
      customer: request.customerId,
      return_url: returnUrl,
      configuration,
      locale: pageLocale(locale),
      flow_data: {
        type: "subscription_update_confirm",
        subscription_update_confirm: {
          subscription: subscriptionId,
          items: [{ id: itemId, price: priceId, quantity: seats }],
        },
        after_completion: { type: "redirect", redirect: { return_url: returnUrl } },
      },
    });
    return session.url;
  }

  /** One configuration a price that is confirmed: a configuration takes ten products, a catalogue may have more. */
  async #configuration(role: PortalRole, sold?: { product: string; priceId: string }): Promise<string> {
    const name = sold === undefined ? role : `${role}:${sold.priceId}`;
    const known = this.#configurations.get(name);
    if (known !== undefined) return known;
    const found = await this.#find(name);
    const id =
      found ??
      (
        await this.#stripe.billingPortal.configurations.create(
          { features: features(role, sold), metadata: { bursar_page: name } },
          { idempotencyKey: `portal:${name}` },
        )
      ).id;
    this.#configurations.set(name, id);
    return id;
  }

  async #find(name: string): Promise<string | null> {
    const pages = this.#stripe.billingPortal.configurations.list({ active: true, limit: 100 });
    for await (const each of pages) {
      if (each.metadata?.["bursar_page"] === name) return each.id;
    }
    return null;
  }
}

function features(
  role: PortalRole,
  sold?: { product: string; priceId: string },
): Stripe.BillingPortal.ConfigurationCreateParams.Features {
  const common: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
    customer_update: { enabled: true, allowed_updates: ["name", "email", "address", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: false },
  };
  if (sold === undefined) return { ...common, subscription_update: { enabled: false } };
  return {
    ...common,
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price", "quantity"],
      products: [{ product: sold.product, prices: [sold.priceId] }],
      proration_behavior: "always_invoice",
      ...(role === "confirm_new_period" ? { billing_cycle_anchor: "now" as const } : {}),
    },
  };
}
