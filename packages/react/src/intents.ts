import { ProblemError } from "@bursar/client";
import { forget, keep, recall } from "./tab-store.ts";

/** One intention: its key, and what forgets it once its answer is final. */
export interface Intent {
  key: string;
  forget: () => void;
}

/**
 * The key of one intention to pay. It survives a retry and a reload, and goes with the final answer, so that a press
 * whose answer was lost is repeated as the same request and not as a second one.
 */
export function intentKey(intent: string): Intent {
  const name = `intent:${intent}`;
  const key = recall<string>(name) ?? randomKey();
  keep(name, key);
  return { key, forget: () => forget(name) };
}

/**
 * The same for what is asked with a quote, which a reload replaces by another of the same sum: the key goes with the quote
 * that it was first sent with, as long as that one is held. After it nobody can be charged by it any more.
 */
export function quotedIntent(
  intent: string,
  quote: { quoteId: string; expiresAt: string },
): Intent & { request: string } {
  const name = `quote:${intent}`;
  const kept = recall<typeof quote>(name);
  // Both are instants of the server's clock.
  const isHeld = kept !== null && Date.parse(kept.expiresAt) + HELD_MS > Date.parse(quote.expiresAt);
  const { quoteId, expiresAt } = isHeld ? kept : quote;
  keep(name, { quoteId, expiresAt });
  const own = intentKey(`${intent}:${quoteId}`);
  return {
    key: own.key,
    request: quoteId,
    forget: () => {
      own.forget();
      forget(name);
    },
  };
}
/** How long the server holds a quote: the next one ends this much later than one that has just run out. */
const HELD_MS = 600_000;

/**
 * Whether nothing more will come of an intention, so that its key may go. A refusal is kept and replayed by the server
 * under its key: pressed again after the cause is gone, it must be a new intention. Silence, a fault, too many requests
 * and "still running" leave in doubt what was done; then the key stays.
 */
export function isFinal(error: Error): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { status, code } = error.problem;
  return status >= 400 && status < 500 && status !== 429 && code !== "idempotency_in_progress";
}

/** 128 random bits; `randomUUID` is missing on pages served over plain HTTP. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
