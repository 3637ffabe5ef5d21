import { z } from "@hono/zod-openapi";
import { isStorable } from "../../db/storable.ts";
import { cents, currency, instant, interval, listOf, pageQuery, role, tokens } from "./common.ts";
import { autoRecharge } from "./credits.ts";
import { seatHolder } from "./members.ts";
import { atLimit, noticeAction, noticeFacts, permission } from "./told.ts";

const format = z.enum(["count", "bytes"]);

export const meterUsage = z
  .object({
    meter: z.string(),
    name: z.string(),
    unit: z.string(),
    kind: z.enum(["counter", "level", "tokens"]),
    format,
    used: z.int(),
    limit: z.int().nullable(),
    percent: z.int().nullable(),
    state: z.enum(["ok", "warning", "reached", "over", "unlimited"]),
    limitSentence: z.string(),
    /** The same as a code. */
    atLimit,
    /** Above the limit credits pay, and there are some. */
    onCredits: z.boolean(),
    resetsAt: instant.nullable(),
    asOf: instant.nullable(),
    /** By which property of its events its use is divided, and what such a group is called; `null`: it is not. */
    groupBy: z.object({ property: z.string(), name: z.string() }).nullable(),
  })
  .openapi("MeterUsage");

/** By language. */
const labels = z.record(z.string(), z.string());

/** `taxIncluded` is false while no address says which tax comes on top. */
const invoiceEstimate = z.object({ at: instant, total: cents, currency, taxIncluded: z.boolean() });

/** The receipt of a withdrawal. `pending`: it is still on its way; `held_up`: Stripe or a bank refused it so far. */
export const withdrawal = z
  .object({
    id: z.string(),
    planId: z.string(),
    planName: z.string(),
    name: z.string(),
    email: z.string(),
    concludedAt: instant,
    declaredAt: instant,
    /** When the plan ended; `null`: it is being ended. */
    endsAt: instant.nullable(),
    refund: z.object({
      state: z.enum(["pending", "sent", "held_up"]),
      /** To the cards that paid. */
      amount: cents,
      /** What credit had paid, which is credit again. */
      credit: cents,
      currency,
    }),
  })
  .openapi("Withdrawal");

export const withdrawRequest = z.object({
  name: z.string().trim().min(1).max(200).refine(isStorable, "holds a character that cannot be stored"),
  email: z.email().max(254),
});

export const overview = z
  .object({
    account: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    viewer: z.union([
      z.object({ name: z.string(), email: z.string(), role }),
      z.object({ name: z.null(), email: z.null(), role }),
    ]),
    plan: z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(["free", "paid", "custom"]),
      perSeat: z.boolean(),
    }),
    interval: interval.nullable(),
    seats: z.object({ purchased: z.int(), used: z.int() }),
    status: z.enum(["active", "past_due"]),
    period: z.object({ start: instant, end: instant }),
    renewsAt: instant.nullable(),
    cancelAt: instant.nullable(),
    pendingChange: z
      .object({
        planId: z.string(),
        planName: z.string(),
        interval: interval.nullable(),
        seats: z.int(),
        effectiveAt: instant,
      })
      .nullable(),
    nextInvoice: invoiceEstimate.nullable(),
    /**
     * Of the plan in force: the price that was agreed with this account, or the one that follows it when that ends;
     * `null` while there is none.
     */
    ownPrice: z
      .object({
        state: z.enum(["in_force", "starts", "ends"]),
        amount: cents,
        currency,
        at: instant.nullable(),
      })
      .nullable(),
    paymentMethod: z
      .object({ brand: z.string(), last4: z.string(), expMonth: z.int(), expYear: z.int() })
      .nullable(),
    usageWindow: z.object({ start: instant, end: instant }),
    usage: z.record(z.string(), meterUsage),
    credits: z.object({
      balance: tokens,
      held: tokens,
      available: tokens,
      allocationLeft: tokens.nullable(),
      autoRecharge,
    }),
    notices: z.array(
      z.object({
        id: z.string(),
        severity: z.enum(["info", "warning", "critical"]),
        title: z.string(),
        detail: z.string(),
        facts: noticeFacts,
        action: z.object({ kind: noticeAction, label: z.string(), href: z.string() }).nullable(),
      }),
    ),
    can: z.object({
      upgrade: permission,
      changePlan: permission,
      changeSeats: permission,
      cancel: permission,
      resume: permission,
      managePayment: permission,
      buyCredits: permission,
      /** Turning it on, and letting it take more. */
      autoRecharge: permission,
      autoRechargeOff: permission,
      /** From the contract, as a consumer; while it is possible until when, and what would be given back. */
      withdraw: permission.extend({
        until: instant.nullable(),
        refund: z.object({ amount: cents, credit: cents, currency }).nullable(),
      }),
    }),
    /** The newest, as long as withdrawals are offered. */
    withdrawal: withdrawal.nullable(),
    /** The first hundred, the oldest first; `GET /api/members` has all, and the invitations. */
    members: z.array(
      z.object({ id: z.string(), name: z.string(), email: z.string(), role, active: z.boolean() }),
    ),
    contacts: z.array(z.object({ name: z.string(), email: z.string(), role })),
    /**
     * What the catalogue says of the page: where to ask about a plan that is arranged, whether to show a projection, and
     * by language what a button says that charges the saved card, with `{sum}` in it.
     */
    page: z.object({
      contactUrl: z.string().nullable(),
      projection: z.boolean(),
      labels: z.object({ pay: labels }),
      /** Whether consumers may withdraw, and what the two steps say instead of the page's own words. */
      withdrawal: z
        .object({ days: z.int(), labels: z.object({ start: labels, confirm: labels }) })
        .nullable(),
    }),
    mode: z.enum(["live", "test"]),
    now: instant,
  })
  .openapi("Overview");

export const planOffer = z
  .object({
    id: z.string(),
    name: z.string(),
    prices: z.object({ month: cents.nullable(), year: cents.nullable() }),
    /** Of which intervals the price is this account's own. */
    ownPrices: z.array(interval),
    currency,
    perSeat: z.boolean(),
    minSeats: z.int(),
    maxSeats: z.int(),
    limits: z.array(z.object({ meter: z.string(), name: z.string(), format, limit: z.int().nullable() })),
    withdrawn: z.boolean(),
    change: z.enum(["current", "upgrade", "downgrade", "contact"]),
  })
  .openapi("PlanOffer");

/** What a customer wants to have. What is left out stays as it is; at first it is monthly, with the plan's fewest seats. */
export const planChoice = z.object({
  planId: z.string().min(1).max(40).optional(),
  interval: interval.optional(),
  seats: z.int().min(1).max(100_000).optional(),
});
const quoteId = z.string().max(60).optional();

export const preview = z
  .object({
    quoteId: z.string(),
    expiresAt: instant,
    kind: z.enum(["upgrade", "downgrade", "none"]),
    effectiveAt: instant,
    dueToday: z.object({
      lines: z.array(
        z.object({
          description: z.string(),
          amount: cents,
          proration: z.boolean(),
          /** Of the plan that the line is about. */
          planName: z.string().nullable(),
          /** Seats, or 1. */
          quantity: z.int().nullable(),
          periodStart: instant,
          periodEnd: instant,
        }),
      ),
      subtotal: cents,
      tax: cents.nullable(),
      total: cents,
      amountDue: cents,
      currency,
    }),
    nextInvoice: invoiceEstimate.nullable(),
    later: z
      .object({
        description: z.string(),
        effectiveAt: instant,
        planId: z.string(),
        planName: z.string(),
        perSeat: z.boolean(),
        interval: interval.nullable(),
        seats: z.int(),
      })
      .nullable(),
    /** What the confirmation takes the place of, or undoes. */
    replaces: z.enum(["pending_change", "cancellation"]).nullable(),
    renewsAt: instant.nullable(),
    loses: z.array(z.string()),
    /** The same as figures: seats fewer, and each limit that gets smaller; `null` is unlimited. */
    losses: z.object({
      seats: z.int(),
      limits: z.array(
        z.object({
          meter: z.string(),
          name: z.string(),
          format,
          from: z.int().nullable(),
          to: z.int().nullable(),
        }),
      ),
    }),
    /** Who is kept and loses access, where only the owner stays active; the first hundred. */
    losesAccess: z.array(seatHolder),
    /** Who stays active then; `null` where nobody loses access. */
    keepsAccess: seatHolder.nullable(),
  })
  .openapi("Preview");

export const changeRequest = planChoice.extend({ quoteId });
export const changeAnswer = z
  .object({
    status: z.enum(["applied", "scheduled"]),
    effectiveAt: instant,
    invoiceId: z.string().nullable(),
  })
  .openapi("PlanChange");
export const cancelRequest = z.object({
  reason: z.string().max(500).optional(),
  now: z.boolean().default(false),
});
export const cancelAnswer = z
  .object({ status: z.literal("cancelled"), cancelAt: instant })
  .openapi("Cancellation");
export const resumeAnswer = z.object({ status: z.literal("active") }).openapi("Resumption");

/** Of the page that leads to a hosted one, as `de` or `pt-BR`; English where it is left out or Stripe does not have it. */
const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
  .optional();
/** Where a hosted page sends the browser afterwards; the page's own screens when left out. */
const returnUrls = { successUrl: z.url().max(2_000).optional(), cancelUrl: z.url().max(2_000).optional() };

export const checkoutRequest = planChoice.extend({ quoteId, locale, ...returnUrls });
export const packCheckoutRequest = z.object({ packId: z.string().min(1).max(40), locale, ...returnUrls });
export const portalRequest = z.object({
  returnUrl: z.url().max(2_000).optional(),
  flow: z.literal("payment_method").optional(),
  locale,
});
export const reconcileRequest = z.object({ sessionId: z.string().max(200).optional() });
export const hostedPage = z.object({ url: z.string() }).openapi("HostedPage");

export const invoice = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    date: instant,
    status: z.enum(["draft", "open", "paid", "void", "uncollectible"]),
    lines: z.array(
      z.object({
        description: z.string(),
        quantity: z.int().nullable(),
        amount: cents,
        periodStart: instant.nullable(),
        periodEnd: instant.nullable(),
      }),
    ),
    subtotal: cents,
    /** Taken off before tax. */
    discount: cents,
    tax: cents,
    total: cents,
    /** Paid by the customer's credit at Stripe; below zero: a debt there that it collected. */
    creditUsed: cents,
    /** What is still to pay. */
    amountDue: cents,
    refunded: cents,
    currency,
    /** Tries at the card so far, the next one, and why the last one failed. */
    attempts: z.int(),
    nextAttemptAt: instant.nullable(),
    failure: z.string().nullable(),
    pdfUrl: z.string().nullable(),
    hostedUrl: z.string().nullable(),
  })
  .openapi("Invoice");

export const invoicesQuery = pageQuery.extend({
  /** Of the invoice's date, UTC. */
  year: z.coerce.number().int().min(2000).max(9998).optional(),
});
/** `years`: those that have invoices, whatever was asked for. */
export const invoiceList = listOf(invoice).extend({ years: z.array(z.int()) });

export const usageReport = z
  .object({
    plan: z.string(),
    period: z.object({ start: instant, end: instant }),
    usage: z.record(z.string(), z.object({ used: z.int(), limit: z.int().nullable() })),
  })
  .openapi("Usage");
