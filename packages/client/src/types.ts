/**
 * The answers of the Billing API that the page reads. Money is integer minor units beside a `currency`, tokens are
 * integers, instants are ISO 8601 in UTC. The server's schemas are checked against these types by the compiler.
 */

import type { PageOptions, Withdrawal, WithdrawalOffer } from "./page-types.ts";
import type { NoticeActionKind, NoticeFacts, Permission } from "./told.ts";
import type { MeterUsage } from "./usage-types.ts";

export type Interval = "month" | "year";
export type Role = "owner" | "admin" | "billing" | "member";

export type BillingAction =
  | "upgrade"
  | "changePlan"
  | "changeSeats"
  | "cancel"
  | "resume"
  | "managePayment"
  | "buyCredits"
  /** Turning it on, and letting it take more. */
  | "autoRecharge"
  | "autoRechargeOff"
  | "withdraw";

export interface Notice {
  /** Unique on the page, stable while the cause lasts. */
  id: string;
  severity: "info" | "warning" | "critical";
  title: string;
  detail: string;
  /** What title and detail say. */
  facts: NoticeFacts;
  /** The one action that solves it. */
  action: { kind: NoticeActionKind; label: string; href: string } | null;
}

/** What a coming invoice is about; `taxIncluded` is false while no address says which tax comes on top. */
export interface InvoiceEstimate {
  at: string;
  total: number;
  currency: string;
  taxIncluded: boolean;
}

export interface Overview {
  account: { id: string; name: string; email: string };
  /** The caller: a member of the account, or `null` for a key. */
  viewer: { name: string; email: string; role: Role } | { name: null; email: null; role: Role };
  plan: { id: string; name: string; kind: "free" | "paid" | "custom"; perSeat: boolean };
  /** `null` on Free and on plans without a Stripe price. */
  interval: Interval | null;
  seats: { purchased: number; used: number };
  status: "active" | "past_due";
  /** The billing period; on Free the usage window. */
  period: { start: string; end: string };
  /** When the subscription renews; `null` on Free or when it ends. */
  renewsAt: string | null;
  cancelAt: string | null;
  pendingChange: {
    planId: string;
    planName: string;
    interval: Interval | null;
    seats: number;
    effectiveAt: string;
  } | null;
  /** From the last stored preview; `null` when nothing is due. */
  nextInvoice: InvoiceEstimate | null;
  /**
   * A price that was agreed with this account for its plan, minor units before tax, per seat where the plan is; of one
   * that ends, the price that follows. It begins and ends with a renewal, at `at`.
   */
  ownPrice: {
    state: "in_force" | "starts" | "ends";
    amount: number;
    currency: string;
    at: string | null;
  } | null;
  paymentMethod: { brand: string; last4: string; expMonth: number; expYear: number } | null;
  usageWindow: { start: string; end: string };
  usage: Record<string, MeterUsage>;
  credits: {
    balance: number;
    held: number;
    available: number;
    allocationLeft: number | null;
    autoRecharge: AutoRecharge;
  };
  notices: Notice[];
  can: Record<BillingAction, Permission> & { withdraw: WithdrawalOffer };
  /** The newest, as long as withdrawals are offered. */
  withdrawal: Withdrawal | null;
  /** The first hundred, the oldest first. `active: false` reads only: the plan has one seat, the owner's. */
  members: { id: string; name: string; email: string; role: Role; active: boolean }[];
  /** Who may change billing. */
  contacts: { name: string; email: string; role: Role }[];
  page: PageOptions;
  mode: "live" | "test";
  now: string;
}

export interface PlanOffer {
  id: string;
  name: string;
  /** Minor units before tax, per seat where `perSeat`; `null`: not sold for that interval. */
  prices: { month: number | null; year: number | null };
  /** Of which intervals the price is this account's own. */
  ownPrices: Interval[];
  currency: string;
  perSeat: boolean;
  minSeats: number;
  maxSeats: number;
  limits: { meter: string; name: string; format: "count" | "bytes"; limit: number | null }[];
  /** Sold no more: only who is on it sees it, and may stay. */
  withdrawn: boolean;
  change: "current" | "upgrade" | "downgrade" | "contact";
}

export interface PreviewLine {
  description: string;
  amount: number;
  proration: boolean;
  /** Of the plan that the line is about. */
  planName: string | null;
  /** Seats, or 1. */
  quantity: number | null;
  periodStart: string;
  periodEnd: string;
}

export interface Preview {
  quoteId: string;
  expiresAt: string;
  kind: "upgrade" | "downgrade" | "none";
  effectiveAt: string;
  dueToday: {
    lines: PreviewLine[];
    subtotal: number;
    /** `null` until an address is known. */
    tax: number | null;
    total: number;
    amountDue: number;
    currency: string;
  };
  nextInvoice: InvoiceEstimate | null;
  /** What follows at the period's end. */
  later: {
    description: string;
    effectiveAt: string;
    planId: string;
    planName: string;
    perSeat: boolean;
    interval: Interval | null;
    seats: number;
  } | null;
  /** What the confirmation takes the place of, or undoes. */
  replaces: "pending_change" | "cancellation" | null;
  renewsAt: string | null;
  loses: string[];
  /** The same as figures: seats fewer, and each limit that gets smaller; `null` is unlimited. */
  losses: {
    seats: number;
    limits: {
      meter: string;
      name: string;
      format: "count" | "bytes";
      from: number | null;
      to: number | null;
    }[];
  };
  /** Who is kept and loses access, where only the owner stays active; the first hundred. */
  losesAccess: SeatHolder[];
  /** Who stays active then; `null` where nobody loses access. */
  keepsAccess: SeatHolder | null;
}

/** What became of a confirmed change. */
export interface PlanChange {
  /** `applied` is in force and paid; `scheduled` comes at the period's end. */
  status: "applied" | "scheduled";
  effectiveAt: string;
  invoiceId: string | null;
}

/** A member or an open invitation: each holds one seat. */
export interface SeatHolder {
  kind: "member" | "invitation";
  /** `null`: invited by address alone. */
  name: string | null;
  email: string;
}

export interface Person extends SeatHolder {
  id: string;
  role: Role;
  /** False for a member who reads only, as the plan has one seat; and for an invitation, until it is accepted. */
  active: boolean;
  createdAt: string;
  /** When an invitation gives its seat back; `null` for a member. */
  expiresAt: string | null;
  can: {
    remove: Permission;
    /** The roles that the viewer may give to this member; of an invitation none. */
    becomes: Role[];
    /** Why there is none, where it is worth a sentence. */
    becomesReason?: string | undefined;
    /** Whether the mail of an invitation may be sent again. */
    resend: Permission;
  };
}

export interface MemberList extends List<Person> {
  seats: {
    purchased: number;
    /** Members and open invitations. */
    used: number;
    /** Fewer seats that are scheduled: an invitation may not go past them either. */
    scheduled: { seats: number; from: string } | null;
  };
  /** `inviteAs`: the roles that the caller may give. */
  can: { changeMembers: Permission; inviteAs: Role[] };
}

export interface Invitation {
  id: string;
  email: string;
  name: string | null;
  role: Role;
  expiresAt: string;
  /** Told this once: who has it becomes the member. */
  token: string;
}

export interface AcceptedInvitation {
  account: { id: string; name: string };
  member: { id: string; name: string; email: string; role: Role; active: boolean };
}

export interface Invoice {
  id: string;
  /** `null` until Stripe has numbered it. */
  number: string | null;
  date: string;
  status: "draft" | "open" | "paid" | "void" | "uncollectible";
  lines: {
    description: string;
    quantity: number | null;
    amount: number;
    periodStart: string | null;
    periodEnd: string | null;
  }[];
  subtotal: number;
  /** Taken off before tax. */
  discount: number;
  tax: number;
  total: number;
  /** Paid by the customer's credit at Stripe; below zero: a debt there that it collected. */
  creditUsed: number;
  /** What is still to pay. */
  amountDue: number;
  /** Given back of its payment. */
  refunded: number;
  currency: string;
  /** Tries at the card so far. */
  attempts: number;
  nextAttemptAt: string | null;
  /** Why the last try failed. */
  failure: string | null;
  pdfUrl: string | null;
  hostedUrl: string | null;
}

export interface InvoiceList extends List<Invoice> {
  /** That have invoices (UTC), the newest first, whatever was asked for. */
  years: number[];
}

export interface Pack {
  id: string;
  name: string;
  tokens: number;
  /** Minor units, tax included. */
  price: number;
  currency: string;
  /** Rounded to the nearest minor unit, tax included. */
  pricePerMillion: number;
  popular: boolean;
  savesPercent: number;
}

/** A pack that was paid with the saved card; its credits are in. */
export interface PackPurchase {
  status: "granted";
  balance: number;
}

export interface CreditTransaction {
  id: string;
  type:
    | "purchase"
    | "auto_recharge"
    | "usage"
    | "refund"
    | "adjustment"
    | "allocation"
    | "allocation_usage"
    | "lapse";
  /** Signed tokens: what it did to the credits, or, where these did not move, to the window's allocation. */
  amount: number;
  /** The same balance, after it; `null` where an unlimited allocation paid. */
  balanceAfter: number | null;
  /** The credits; `null`: they did not move. The changes of all movements sum to the balance. */
  credits: BalanceChange | null;
  /** The allocation of the window; `null`: it did not move, or has no limit. A clearing of debt moves both. */
  allocation: BalanceChange | null;
  /** What was paid, or with a minus given back; minor units. */
  price: number | null;
  currency: string | null;
  description: string;
  resource: string | null;
  /** Who did it, where we know the person: the member who bought with the saved card, the operator of an adjustment. */
  actor: string | null;
  /** Stripe's page of the invoice. */
  receiptUrl: string | null;
  /** How many ledger entries the row stands for: 1, or more where uses of a day are put together. */
  entries: number;
  /** Of several entries that of the newest. */
  createdAt: string;
}

export interface BalanceChange {
  change: number;
  after: number;
}

/** An operator's correction, as it was booked. */
export interface Adjustment {
  id: string;
  accountId: string;
  /** Positive gives, negative takes. */
  tokens: number;
  reason: string;
  operator: string | null;
  /** Credits after it. */
  balance: number;
  createdAt: string;
}

export interface AutoRecharge {
  enabled: boolean;
  /** Below so many tokens a pack is bought. */
  threshold: number;
  packId: string;
  spendingLimit: number;
  currency: string;
  /** What the card pays in this usage window, tax and charges under way included. */
  spentThisPeriod: number;
  chargesThisPeriod: number;
  /** How many more the limit allows in this window. */
  chargesLeft: number;
  /** What one recharge costs, tax included. */
  chargeTotal: number;
  periodStartsAt: string;
  periodEndsAt: string;
  /**
   * `idle`: on, nothing to do; `due`: a pack will be bought; `declined`: the next try is at `retryAt`;
   * `needs_authentication`: the bank's question is at `url`; `paused`: stopped by itself until it is turned on again.
   */
  state:
    "off" | "idle" | "due" | "charging" | "declined" | "needs_authentication" | "limit_reached" | "paused";
  pausedReason:
    "declined" | "authentication" | "refund" | "dispute" | "no_payment_method" | "pack_withdrawn" | null;
  /** Why it is off, when nobody turned it off. */
  endedReason: "plan_ended" | null;
  startsAfterPurchase: boolean;
  /** Three or more were bought within the last 24 hours. */
  often: boolean;
  url: string | null;
  /** Why the last try was declined. */
  reason: string | null;
  retryAt: string | null;
  /** A member's name, or the kind of key. */
  updatedBy: string | null;
  updatedAt: string | null;
}

/** A purchase of auto-recharge, with up to three tries. */
export interface RechargeAttempt {
  id: string;
  state: "charging" | "needs_authentication" | "declined" | "succeeded" | "failed";
  packId: string;
  tokens: number;
  /** Of the last try, tax included. */
  amount: number;
  currency: string;
  try: number;
  /** Why it was declined or given up. */
  reason: string | null;
  url: string | null;
  invoiceId: string | null;
  retryAt: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export interface Credits {
  balance: number;
  held: number;
  available: number;
  autoRecharge: AutoRecharge;
  transactions: CreditTransaction[];
  nextCursor: string | null;
}

/** What the demo's bar shows. */
export interface DemoState {
  /** The account's own time. */
  now: string;
  /** By how much it is ahead of the machine's. */
  aheadSeconds: number;
  /** Where the clock is going: an advance is under way, or was cut off and will be finished. */
  advancingTo: string | null;
  /** What Stripe told of this account, the newest first; ten at most. */
  webhooks: DemoWebhook[];
}

export interface DemoWebhook {
  id: string;
  type: string;
  /** By the machine's clock. */
  receivedAt: string;
  /** `null`: not handled yet. */
  handledAt: string | null;
  /** Why the last try to handle it failed. */
  error: string | null;
}

export interface List<Item> {
  data: Item[];
  nextCursor: string | null;
}

/** RFC 9457. `detail` says what to do. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  errors?: { path: string; message: string }[];
  /** What it was refused for, where one code has several reasons. */
  reason?: string;
  /** Of `renewal_near`. */
  renewsAt?: string;
  /** Of `payment_requires_action`: where the bank's question is answered. */
  url?: string;
  /** Of a pack's `quote_changed`: what it costs now, tax included. */
  total?: number;
  /** Of `seats_in_use`: the seats that it takes; change to them, then send the invitations again. */
  neededSeats?: number;
  /** Of `seats_in_use`: who holds the seats; the first hundred. */
  seats?: SeatHolder[];
}
