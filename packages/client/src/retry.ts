import type { Problem } from "./types.ts";

/** How often a call that may be repeated is sent again, and how it waits in between. */
export interface RetryOptions {
  /** How often a call is sent at most, the first time included. 3 unless given; 1 never repeats. */
  tries?: number;
  /** Waits; a test hands in its own. */
  pause?: (ms: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 200;
/** Whoever asks for more patience than this is answered by giving up: a caller of ours waits too. */
const PAUSE_MS_MAX = 10_000;

const TRIES = 3;

/** Does nothing for a while, of the real clock: a client has no other. */
export const waitFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What one try came to: an answer, a refusal, or nothing at all (a lost connection, a time-out). */
export type Tried<Answer> =
  | { readonly is: "answered"; readonly answer: Answer }
  | { readonly is: "refused"; readonly problem: Problem; readonly retryAfter: string | null; error: Error }
  | { readonly is: "lost"; readonly error: unknown };

/**
 * Sends until there is an answer or a refusal that stays, with growing pauses and some chance in them, so that many
 * callers do not come back at the same instant. Only for what may be sent twice: a read, a call with an idempotency
 * key, or one that the server knows again by its own id.
 */
export async function repeatedly<Answer>(
  send: () => Promise<Tried<Answer>>,
  { tries = TRIES, pause = waitFor }: RetryOptions,
): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await send();
    if (outcome.is === "answered") return outcome.answer;
    if (tried >= tries || !maySucceedLater(outcome)) throw outcome.error;
    await pause(pauseAfter(tried, outcome.is === "refused" ? outcome.retryAfter : null));
  }
}

/** Stripe's silence is not waited for here: the server asked it more than once already. */
function maySucceedLater(outcome: Exclude<Tried<unknown>, { is: "answered" }>): boolean {
  if (outcome.is === "lost") return true;
  const { status, code } = outcome.problem;
  if (code === "idempotency_in_progress") return true;
  return [429, 502, 503, 504].includes(status) && code !== "stripe_unavailable";
}

/** The server's own word, if it gave one; else 200 ms doubling, of which up to half is left to chance. */
function pauseAfter(tried: number, retryAfter: string | null): number {
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) {
    return Math.min(Number(retryAfter) * 1_000, PAUSE_MS_MAX);
  }
  const full = Math.min(FIRST_PAUSE_MS * 2 ** (tried - 1), PAUSE_MS_MAX);
  const [chance = 0] = crypto.getRandomValues(new Uint16Array(1));
  return full / 2 + (full / 2) * (chance / 65_536);
}
