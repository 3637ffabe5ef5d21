import { defineCatalog } from "@bursar/core";

/**
 * What this product sells and counts. Copy this file and make it yours; Bursar checks it at start and says what is
 * wrong and where. Amounts are minor units (1900 is 19.00), limits are per account and usage window, a month.
 */

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

export default defineCatalog({
  currency: "eur",

  meters: {
    sessions: {
      name: "Sessions",
      unit: "session",
      kind: "counter",
      limitSentence: "New sessions are refused",
      // The page divides sessions by what their events say in `properties.project`.
      groupBy: { property: "project", name: "Project" },
    },
    events: { name: "Events", unit: "event", kind: "counter", limitSentence: "New events are refused" },
    enrichments: {
      name: "Enrichments",
      unit: "enrichment",
      kind: "counter",
      pastLimit: "credits",
      limitSentence: "Credits are used",
    },
    storage: {
      name: "Storage",
      unit: "byte",
      kind: "level",
      format: "bytes",
      limitSentence: "New uploads are refused",
    },
    ai_tokens: {
      name: "AI tokens",
      unit: "token",
      kind: "tokens",
      pastLimit: "credits",
      limitSentence: "Credits are used",
    },
  },

  // From low to high: a plan further down is an upgrade.
  plans: {
    free: {
      name: "Free",
      kind: "free",
      limits: { sessions: 20, events: 1_000, enrichments: 10, storage: 50 * MiB, ai_tokens: 50_000 },
    },
    personal: {
      name: "Personal",
      kind: "paid",
      priceCents: { month: 900, year: 9_000 },
      limits: { sessions: 100, events: 5_000, enrichments: 50, storage: 256 * MiB, ai_tokens: 1_000_000 },
    },
    team: {
      name: "Team",
      kind: "paid",
      seats: { min: 2 },
      priceCents: { month: 1_900, year: 19_000 },
      limits: { sessions: 200, events: 10_000, enrichments: 100, storage: 512 * MiB, ai_tokens: 5_000_000 },
    },
    business: {
      name: "Business",
      kind: "paid",
      seats: { min: 5 },
      priceCents: { month: 3_900, year: 39_000 },
      limits: {
        sessions: 2_000,
        events: 100_000,
        enrichments: 1_000,
        storage: 10 * GiB,
        ai_tokens: 20_000_000,
      },
    },
    enterprise: {
      name: "Enterprise",
      kind: "custom",
      seats: { min: 1, max: 10_000 },
      limits: {
        sessions: "unlimited",
        events: "unlimited",
        enrichments: "unlimited",
        storage: "unlimited",
        ai_tokens: "unlimited",
      },
    },
  },

  // Prices of packs include tax.
  packs: {
    credits_1m: { name: "Starter", tokens: 1_000_000, priceCents: 500 },
    credits_2_5m: { name: "Standard", tokens: 2_500_000, priceCents: 1_000, popular: true },
    credits_7m: { name: "Pro", tokens: 7_000_000, priceCents: 2_500 },
    credits_15m: { name: "Enterprise", tokens: 15_000_000, priceCents: 5_000 },
  },
});
