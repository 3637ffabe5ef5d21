/** The one account that an emulator plays: who sells, where, and the tax it collects. */
import { DEFAULT_ASSUMPTIONS, type Assumptions } from "./assumptions.ts";

/** What may be set; everything has a default. */
export interface AccountOptions {
  /** Two-letter country of the seller. */
  country?: string;
  /** The seller's name, on pages and invoices. */
  name?: string;
  email?: string;
  address?: { line1?: string; postal_code?: string; city?: string };
  /** The seller's own VAT number, printed on invoices. */
  taxId?: string;
  /** Default currency, lower case. */
  currency?: string;
  /** Percent of tax by two-letter country; a country not named is one where no tax is collected. */
  taxRates?: Record<string, number>;
  settings?: Partial<AccountSettings>;
  /** Other readings of what is not known of Stripe; see assumptions.ts. */
  assumptions?: Partial<Assumptions>;
}

export interface AccountSettings {
  /** Start of invoice numbers: 3 to 12 upper-case letters or digits. */
  invoicePrefix: string;
  /** Pauses before a webhook is tried again, in milliseconds; after the last one it is given up. */
  webhookRetryMs: number[];
  /**
   * Whether somebody saved the portal's settings in the dashboard, where an emulator has none: then there is a default
   * portal configuration from the start. Without one, portal sessions that name no configuration are refused.
   */
  portalSettingsSaved: boolean;
  /** What Stripe keeps of a card payment: percent of it, and minor units on top. */
  cardFee: { percent: number; fixed: number };
  /** What Stripe charges when a dispute is opened, minor units; given back when it is won. */
  disputeFee: number;
  /** How long refunds take that do not succeed, or fail, at once (two of the test cards). */
  refundDelaySeconds: number;
  /** How long the registers take to answer about a tax id. */
  taxIdVerificationSeconds: number;
  /** A TrueType or OpenType file for invoice PDFs, for letters beyond Western Europe's; null uses the built-in font. */
  invoiceFontFile: string | null;
  /** How long an endpoint may take to answer. */
  webhookTimeoutMs: number;
  /**
   * `strict` holds Stripe's limits of test clocks: two intervals of the shortest subscription an advance, three customers
   * a clock, three subscriptions each. `relaxed` has none of them.
   */
  testClockLimits: "strict" | "relaxed";
  /** How long the draft of a renewal waits, so that it can still be changed, before it is finalized and charged. */
  renewalDraftSeconds: number;
  /**
   * Whether a renewal's draft on the wall clock waits until all endpoints have its `invoice.created`, looked at anew each
   * hour and at most 72 hours, as Stripe does. Off, a dead endpoint holds up nothing. Test clocks never wait.
   */
  draftsWaitForWebhooks: boolean;
  /** So many days before a renewal `invoice.upcoming` is sent; none for shorter periods. 0 sends none. */
  upcomingInvoiceDays: number;
  /** So many days before its end a trial is announced to end; at once when it is shorter. */
  trialWillEndDays: number;
  /** The pauses before a failed payment of an invoice is tried again, in days; after the last one dunning ends. */
  retryPauseDays: number[];
  /** What a subscription becomes when the last retry has failed. */
  dunningEndsIn: "canceled" | "unpaid" | "past_due";
  /** So many days before the due date of an invoice that is sent `invoice.will_be_due` is raised. 0 raises none. */
  invoiceWillBeDueDays: number;
}

export interface Account {
  id: string;
  country: string;
  name: string;
  email: string;
  address: { line1: string; postal_code: string; city: string };
  taxId: string | null;
  currency: string;
  taxRates: Record<string, number>;
  settings: AccountSettings;
  assumptions: Assumptions;
}

/** Standard VAT rates of the EU and its neighbours, percent, as of 2026. A table for tests, no tax advice. */
const STANDARD_RATES: Record<string, number> = {
  AT: 20, BE: 21, BG: 20, CH: 8.1, CY: 19, CZ: 21, DE: 19, DK: 25, EE: 24, ES: 21, FI: 25.5, FR: 20, GB: 20, GR: 24,
  HR: 25, HU: 27, IE: 23, IT: 22, LT: 21, LU: 17, LV: 21, MT: 18, NL: 21, NO: 25, PL: 23, PT: 23, RO: 21, SE: 25,
  SI: 22, SK: 23,
}; // prettier-ignore

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export function accountFrom(options: AccountOptions = {}): Account {
  return {
    id: "acct_emulator",
    country: options.country ?? "DE",
    name: options.name ?? "Emulated Store",
    email: options.email ?? "billing@example.com",
    address: { line1: "Musterstraße 1", postal_code: "10115", city: "Berlin", ...options.address },
    taxId: options.taxId ?? null,
    currency: options.currency ?? "eur",
    taxRates: options.taxRates ?? STANDARD_RATES,
    settings: {
      invoicePrefix: "EMU",
      webhookRetryMs: [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR],
      cardFee: { percent: 1.5, fixed: 25 },
      disputeFee: 20_00,
      refundDelaySeconds: 30,
      taxIdVerificationSeconds: 10,
      portalSettingsSaved: false,
      invoiceFontFile: null,
      webhookTimeoutMs: 10 * SECOND,
      testClockLimits: "strict",
      renewalDraftSeconds: 3_600,
      draftsWaitForWebhooks: false,
      upcomingInvoiceDays: 7,
      trialWillEndDays: 3,
      // Eight retries within two weeks, as Stripe's Smart Retries are by default.
      retryPauseDays: [1, 1, 1, 2, 2, 2, 2, 3],
      dunningEndsIn: "canceled",
      invoiceWillBeDueDays: 0,
      ...options.settings,
    },
    assumptions: { ...DEFAULT_ASSUMPTIONS, ...options.assumptions },
  };
}
