import type {
  AutoRecharge,
  CreditTransaction,
  Invoice,
  MemberList,
  MeterUsage,
  Overview,
  Pack,
  PlanOffer,
  Preview,
  UsageDaily,
} from "@bursar/client";

/** Answers as the server gives them, for the tests of the parts. */

const MiB = 1_048_576;

function meter(
  change: Partial<MeterUsage> & Pick<MeterUsage, "meter" | "name" | "used" | "limit">,
): MeterUsage {
  const percent = change.limit === null ? null : Math.floor((change.used * 100) / change.limit);
  return {
    unit: change.meter.replace(/s$/, ""),
    kind: "counter",
    format: "count",
    percent,
    state: "ok",
    atLimit: "refused",
    limitSentence: `New ${change.name.toLowerCase()} are refused`,
    onCredits: false,
    resetsAt: "2026-12-12T00:00:00Z",
    asOf: "2026-11-22T09:10:00Z",
    groupBy: null,
    ...change,
  };
}

const allowed = { allowed: true };

const rechargeOff: AutoRecharge = {
  enabled: false,
  threshold: 500_000,
  packId: "credits_2_5m",
  spendingLimit: 5_000,
  currency: "eur",
  spentThisPeriod: 0,
  chargesThisPeriod: 0,
  chargesLeft: 5,
  chargeTotal: 1_000,
  periodStartsAt: "2026-11-12T09:00:00.000Z",
  periodEndsAt: "2026-12-12T09:00:00.000Z",
  state: "off",
  pausedReason: null,
  endedReason: null,
  startsAfterPurchase: false,
  often: false,
  url: null,
  reason: null,
  retryAt: null,
  updatedBy: null,
  updatedAt: null,
};

export const teamOverview: Overview = {
  account: { id: "acc_acme", name: "Acme GmbH", email: "billing@acme.example" },
  viewer: { name: "Ann Lee", email: "ann@acme.example", role: "owner" },
  plan: { id: "team", name: "Team", kind: "paid", perSeat: true },
  interval: "month",
  seats: { purchased: 3, used: 1 },
  status: "active",
  period: { start: "2026-11-12T00:00:00Z", end: "2026-12-12T00:00:00Z" },
  renewsAt: "2026-12-12T00:00:00Z",
  cancelAt: null,
  pendingChange: null,
  nextInvoice: { at: "2026-12-12T00:00:00Z", total: 6_783, currency: "eur", taxIncluded: true },
  ownPrice: null,
  paymentMethod: { brand: "visa", last4: "4242", expMonth: 8, expYear: 2_027 },
  usageWindow: { start: "2026-11-12T00:00:00Z", end: "2026-12-12T00:00:00Z" },
  usage: {
    sessions: meter({ meter: "sessions", name: "Sessions", used: 82, limit: 200 }),
    events: meter({ meter: "events", name: "Events", used: 8_412, limit: 10_000, state: "warning" }),
    enrichments: meter({
      meter: "enrichments",
      name: "Enrichments",
      used: 100,
      limit: 100,
      state: "reached",
      limitSentence: "Credits are used",
      atLimit: "credits",
    }),
    storage: meter({
      meter: "storage",
      name: "Storage",
      kind: "level",
      format: "bytes",
      unit: "byte",
      used: 540 * MiB,
      limit: 512 * MiB,
      state: "over",
      limitSentence: "New uploads are refused",
      resetsAt: null,
    }),
    aiTokens: meter({
      meter: "ai_tokens",
      name: "AI tokens",
      kind: "tokens",
      unit: "token",
      used: 1_912_440,
      limit: 5_000_000,
      limitSentence: "Credits are used",
      atLimit: "credits",
    }),
  },
  credits: {
    balance: 3_800_000,
    held: 60_000,
    available: 3_740_000,
    allocationLeft: 3_087_560,
    autoRecharge: rechargeOff,
  },
  notices: [
    {
      id: "limit:storage",
      severity: "critical",
      title: "Storage: over limit by 28 MiB",
      detail: "New uploads are refused. Your data is kept.",
      facts: {
        code: "limit",
        meter: "storage",
        name: "Storage",
        format: "bytes",
        used: 540 * MiB,
        limit: 512 * MiB,
        state: "over",
        atLimit: "refused",
      },
      action: { kind: "see_plans", label: "See plans", href: "/settings/billing/plans" },
    },
    {
      id: "limit:events",
      severity: "warning",
      title: "Events: approaching limit",
      detail: "8,412 of 10,000 used. At the limit new events are refused until 12 Dec 2026.",
      facts: {
        code: "limit",
        meter: "events",
        name: "Events",
        format: "count",
        used: 8_412,
        limit: 10_000,
        state: "warning",
        atLimit: "refused",
      },
      action: null,
    },
  ],
  can: {
    upgrade: allowed,
    changePlan: allowed,
    changeSeats: allowed,
    cancel: allowed,
    resume: { allowed: false, code: "not_cancelled", reason: "Nothing is cancelled." },
    managePayment: allowed,
    buyCredits: allowed,
    autoRecharge: allowed,
    autoRechargeOff: allowed,
    withdraw: {
      allowed: false,
      code: "not_offered",
      reason: "Withdrawal is not offered here.",
      until: null,
      refund: null,
    },
  },
  members: [{ id: "mem_1", name: "Ann Lee", email: "ann@acme.example", role: "owner", active: true }],
  contacts: [{ name: "Ann Lee", email: "ann@acme.example", role: "owner" }],
  page: { contactUrl: null, projection: true, labels: { pay: {} }, withdrawal: null },
  withdrawal: null,
  mode: "test",
  now: "2026-11-22T09:14:00Z",
};

export const freeOverview: Overview = {
  ...teamOverview,
  plan: { id: "free", name: "Free", kind: "free", perSeat: false },
  interval: null,
  seats: { purchased: 1, used: 1 },
  usageWindow: { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" },
  renewsAt: null,
  nextInvoice: null,
  paymentMethod: null,
  credits: { balance: 0, held: 0, available: 0, allocationLeft: 50_000, autoRecharge: rechargeOff },
  notices: [],
  can: {
    ...teamOverview.can,
    buyCredits: { allowed: false, code: "paid_plan_needed", reason: "Packs can be bought on paid plans." },
  },
};

const limits = (sessions: number | null, storage: number | null): PlanOffer["limits"] => [
  { meter: "sessions", name: "Sessions", format: "count", limit: sessions },
  { meter: "storage", name: "Storage", format: "bytes", limit: storage },
];
const seatless = { ownPrices: [], currency: "eur", perSeat: false, minSeats: 1, maxSeats: 1 };

export const offers: PlanOffer[] = [
  {
    ...seatless,
    id: "free",
    name: "Free",
    prices: { month: null, year: null },
    limits: limits(20, 50 * MiB),
    withdrawn: false,
    change: "current",
  },
  {
    ...seatless,
    id: "personal",
    name: "Personal",
    prices: { month: 900, year: 9_000 },
    limits: limits(100, 256 * MiB),
    withdrawn: false,
    change: "upgrade",
  },
  {
    id: "team",
    name: "Team",
    ownPrices: [],
    currency: "eur",
    perSeat: true,
    minSeats: 2,
    maxSeats: 1_000,
    prices: { month: 1_900, year: 19_000 },
    limits: limits(200, 512 * MiB),
    withdrawn: false,
    change: "upgrade",
  },
  {
    ...seatless,
    id: "enterprise",
    name: "Enterprise",
    prices: { month: null, year: null },
    limits: limits(null, null),
    withdrawn: false,
    change: "contact",
  },
];

export const packs: Pack[] = [
  {
    id: "credits_1m",
    name: "Starter",
    tokens: 1_000_000,
    price: 500,
    currency: "eur",
    pricePerMillion: 500,
    popular: false,
    savesPercent: 0,
  },
  {
    id: "credits_2_5m",
    name: "Standard",
    tokens: 2_500_000,
    price: 1_000,
    currency: "eur",
    pricePerMillion: 400,
    popular: true,
    savesPercent: 20,
  },
];

export const invoices: Invoice[] = [
  {
    id: "in_1",
    number: "A-0001",
    date: "2026-11-12T08:00:00Z",
    status: "paid",
    lines: [
      {
        description: "3 \u00d7 Team (at \u20ac19.00 / month)",
        quantity: 3,
        amount: 5_700,
        periodStart: "2026-11-12T00:00:00Z",
        periodEnd: "2026-12-12T00:00:00Z",
      },
    ],
    subtotal: 5_700,
    discount: 0,
    tax: 1_083,
    total: 6_783,
    creditUsed: 0,
    amountDue: 0,
    refunded: 0,
    currency: "eur",
    attempts: 1,
    nextAttemptAt: null,
    failure: null,
    pdfUrl: "https://stripe.example/in_1.pdf",
    hostedUrl: "https://stripe.example/in_1",
  },
];

export const transactions: CreditTransaction[] = [
  {
    id: "txn_2",
    type: "usage",
    amount: -180_000,
    balanceAfter: 820_000,
    credits: { change: -180_000, after: 820_000 },
    allocation: null,
    price: null,
    currency: null,
    description: "session ses_81f",
    resource: "ses_81f",
    actor: null,
    receiptUrl: null,
    entries: 1,
    createdAt: "2026-11-22T09:14:07Z",
  },
  {
    id: "txn_1",
    type: "purchase",
    amount: 1_000_000,
    balanceAfter: 1_000_000,
    credits: { change: 1_000_000, after: 1_000_000 },
    allocation: null,
    price: 500,
    currency: "eur",
    description: "Starter",
    resource: null,
    actor: null,
    receiptUrl: "https://stripe.example/in_1",
    entries: 1,
    createdAt: "2026-11-21T18:02:51Z",
  },
];

const period = (quantity: number) => ({
  planName: "Team",
  quantity,
  periodStart: "2026-11-22T09:14:00Z",
  periodEnd: "2026-12-12T00:00:00Z",
});

/** Two more seats on Team, a day into its period. */
export const teamPreview: Preview = {
  quoteId: "quote_1",
  expiresAt: "2026-11-22T09:24:00Z",
  kind: "upgrade",
  effectiveAt: "2026-11-22T09:14:00Z",
  dueToday: {
    lines: [
      {
        description: "Unused time on 3 \u00d7 Team after 22 Nov 2026",
        amount: -5_700,
        proration: true,
        ...period(3),
      },
      {
        description: "Remaining time on 5 \u00d7 Team after 22 Nov 2026",
        amount: 9_500,
        proration: true,
        ...period(5),
      },
    ],
    subtotal: 3_800,
    tax: 722,
    total: 4_522,
    amountDue: 4_522,
    currency: "eur",
  },
  nextInvoice: { at: "2026-12-12T00:00:00Z", total: 11_305, currency: "eur", taxIncluded: true },
  later: null,
  replaces: null,
  renewsAt: "2026-12-12T00:00:00Z",
  loses: [],
  losses: { seats: 0, limits: [] },
  losesAccess: [],
  keepsAccess: null,
};

/** Use from 12 Nov on, a day each. */
export function usageDaysOf(quantities: number[]): { date: string; quantity: number }[] {
  return quantities.map((quantity, index) => ({
    date: new Date(Date.parse("2026-11-12") + index * 86_400_000).toISOString().slice(0, 10),
    quantity,
  }));
}

/** Acme whose events are divided by project, and how those of the eleven days below are. */
export const overviewInProjects: Overview = {
  ...teamOverview,
  usage: {
    ...teamOverview.usage,
    events: { ...teamOverview.usage["events"]!, groupBy: { property: "project", name: "Project" } },
  },
};
export const daysInProjects: UsageDaily = {
  data: usageDaysOf([700, 640, 180, 120, 980, 1_100, 1_010, 930, 890, 260, 1_602]),
  groups: {
    data: [
      { group: "Website", quantity: 4_310 },
      { group: "Mobile app", quantity: 2_104 },
      { group: "Research", quantity: 1_120 },
      { group: "Internal tools", quantity: 402 },
    ],
    others: { groups: 3, quantity: 156 },
    none: 320,
    total: 8_412,
  },
  projection: { low: 9_800, mid: 10_000, high: 10_000, limitReachedAt: "2026-11-24T10:00:00Z" },
};

/** Ann, who is looking, Bo, and Cy who has not answered yet. */
export const people: MemberList = {
  data: [
    {
      kind: "member",
      id: "mem_1",
      name: "Ann Lee",
      email: "ann@acme.example",
      role: "owner",
      active: true,
      createdAt: "2026-11-02T09:00:00Z",
      expiresAt: null,
      can: {
        remove: {
          allowed: false,
          code: "last_owner",
          names: ["Ann Lee"],
          reason: "Ann Lee is the only owner.",
        },
        becomes: [],
        becomesReason: "Ann Lee is the only owner. Make somebody else an owner first.",
        resend: { allowed: false },
      },
    },
    {
      kind: "member",
      id: "mem_2",
      name: "Bo King",
      email: "bo@acme.example",
      role: "billing",
      active: true,
      createdAt: "2026-11-12T09:00:00Z",
      expiresAt: null,
      can: {
        remove: allowed,
        becomes: ["member", "billing", "admin", "owner"],
        resend: { allowed: false },
      },
    },
    {
      kind: "invitation",
      id: "inv_1",
      name: null,
      email: "cy@acme.example",
      role: "member",
      active: false,
      createdAt: "2026-11-20T09:00:00Z",
      expiresAt: "2026-12-04T09:00:00Z",
      can: { remove: allowed, becomes: [], resend: allowed },
    },
  ],
  nextCursor: null,
  seats: { purchased: 3, used: 3, scheduled: null },
  can: { changeMembers: allowed, inviteAs: ["member", "billing", "admin", "owner"] },
};
