/** What the product's backend sends and is answered. Shapes that the page reads are in `types.ts`. */

/** One report of use. `id` is the product's own: the same id counts once, however often it is sent. */
export interface UsageEvent {
  id: string;
  meter: string;
  /** 1 unless given; for a level (storage) the signed change. */
  quantity?: number;
  /** When it happened, ISO 8601; now unless given. */
  time?: string;
  properties?: Record<string, unknown>;
  /** Checked and recorded in one step: over the limit it is refused, and its id stays free for a retry. */
  enforce?: boolean;
  /** For a platform key: whose use it is. */
  account?: string;
}

/** `results` are in the order of the events. */
export interface IngestAnswer {
  accepted: number;
  duplicates: number;
  refused: number;
  results: EventResult[];
}

export interface EventResult {
  id: string | null;
  status: "accepted" | "duplicate" | "refused";
  late?: true | undefined;
  code?: string | undefined;
  detail?: string | undefined;
}

export interface CheckRequest {
  meter: string;
  quantity?: number;
}

export interface CheckAnswer {
  allowed: boolean;
  /** When refused: why, and what would allow it. */
  code?: string | undefined;
  detail?: string | undefined;
  wouldAllow?: string[] | undefined;
  used: number;
  /** `null` is unlimited. */
  limit: number | null;
  remaining: number | null;
  credits: { available: number };
  resetsAt: string | null;
}

export interface HoldRequest {
  tokens: number;
  /** 600 unless given, a day at most. What is not settled by then is given back; a later settle still counts. */
  ttlSeconds?: number;
  /** What the tokens are for, as the credit history shows it. */
  resource?: string;
  description?: string;
}

export interface Hold {
  id: string;
  tokens: number;
  expiresAt: string;
}

export interface Settlement {
  fromAllocation: number;
  fromCredits: number;
  /** Credits after it. */
  balance: number;
}

/** After a change of its exceptions: what was set and has no effect, or less than one may think. */
export interface ChangedAccount extends Account {
  warnings: { path: string; message: string }[];
}

export interface Account {
  id: string;
  /** The product's own id, where the account was named by it. */
  externalId: string | null;
  name: string;
  email: string;
  createdAt: string;
  overrides: {
    plan?: string | undefined;
    seats?: number | undefined;
    limits?: Record<string, number | null> | undefined;
    prices?: OwnPrices | undefined;
  };
}

/** By plan, in minor units before tax; paid at Stripe from the account's next renewal or purchase on. */
type OwnPrices = Record<string, { month?: number | undefined; year?: number | undefined }>;

/** What is left out stays; `null` takes the exception away. */
export interface Overrides {
  plan?: string | null;
  seats?: number | null;
  limits?: Record<string, number | null> | null;
  prices?: OwnPrices | null;
}

export interface SessionToken {
  token: string;
  expiresAt: string;
}
