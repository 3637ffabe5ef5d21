import { z } from "zod";

/** The shape of the catalogue file. What goes beyond shape (cross references, order) is in `check-catalog.ts`. */

const id = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,39}$/,
    "is lower case letters, digits and underscores, a letter first, 40 at most",
  );
const name = z.string().trim().min(1, "is not empty").max(80, "has 80 characters at most");
const wholeNumber = z.int("is a whole number").nonnegative("is not negative");

/** Stripe takes at most 8 digits of minor units for one price of most currencies. */
const cents = wholeNumber.max(99_999_999, "has 8 digits at most, in minor units (1900 is 19.00)");
const limit = z.union([wholeNumber, z.literal("unlimited")], { error: 'is a whole number or "unlimited"' });

const groupBy = z.strictObject({
  property: z.string().min(1, "is not empty").max(100, "has 100 characters at most"),
  name: z.string().trim().min(1, "is not empty").max(40, "has 40 characters at most"),
});

const meter = z.strictObject({
  name,
  unit: z.string().trim().min(1, "is not empty").max(40, "has 40 characters at most"),
  kind: z.enum(["counter", "level", "tokens"]),
  format: z.enum(["count", "bytes"]).default("count"),
  pastLimit: z.enum(["refused", "credits"]).default("refused"),
  limitSentence: z.string().min(1, "is not empty").max(200, "has 200 characters at most"),
  groupBy: groupBy.optional(),
});

const plan = z.strictObject({
  name,
  kind: z.enum(["free", "paid", "custom"]),
  withdrawn: z.boolean().default(false),
  seats: z
    .strictObject({ min: z.int().min(1).max(10_000), max: z.int().min(1).max(10_000).default(1_000) })
    .optional(),
  priceCents: z.strictObject({ month: cents.optional(), year: cents.optional() }).default({}),
  limits: z.record(z.string(), limit),
});

const pack = z.strictObject({
  name,
  tokens: z.int("is a whole number").positive("is at least 1"),
  priceCents: cents.min(50, "is at least 50: Stripe takes no smaller payment"),
  popular: z.boolean().default(false),
});

const language = z.string().regex(/^[a-z]{2,3}$/, "is a language code, as en or de");
const label = z.string().trim().min(1, "is not empty").max(80, "has 80 characters at most");
const labelWithSum = label.refine(
  (text) => text.split("{sum}").length === 2,
  "names the sum once, as {sum}: the button says what it charges",
);

/** Texts that a law may prescribe, for each language; in others the page says its own. */
const labels = z.strictObject({ pay: z.record(language, labelWithSum).default({}) });

/** The first step and the second, in which it is declared. */
const withdrawal = z.strictObject({
  days: z
    .int("is a whole number")
    .min(1, "is at least 1")
    .max(28, "is at most 28, within the first month")
    .default(14),
  labels: z
    .strictObject({
      start: z.record(language, label).default({}),
      confirm: z.record(language, label).default({}),
    })
    .prefault({}),
});

const page = z.strictObject({
  contactUrl: z
    .string()
    .regex(/^(https:\/\/|mailto:)\S+$/, "is an address that begins with https:// or mailto:")
    .optional(),
  projection: z.boolean().default(true),
  labels: labels.prefault({}),
  withdrawal: withdrawal.optional(),
});

/** Keys keep the order in which they are written; for plans it is the order from low to high. */
export const catalogSchema = z.strictObject({
  currency: z.string().regex(/^[a-z]{3}$/, "is a currency code of three lower case letters, as eur"),
  meters: z.record(id, meter),
  plans: z.record(id, plan),
  packs: z.record(id, pack).default({}),
  page: page.prefault({}),
});

export type ParsedCatalog = z.output<typeof catalogSchema>;
