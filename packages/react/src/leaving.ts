import { ProblemError, type Interval, type Overview } from "@bursar/client";

/**
 * What the browser keeps while a person is at Stripe, for this tab only. It says what was being bought, so that the page
 * knows what to wait for on return; what it then shows comes from the server.
 */
export type Leaving =
  | { bought: "plan"; planId: string; planName: string; interval: Interval }
  | { bought: "credits"; balanceBefore: number };

const LEAVING = "bursar:leaving";

/** Private windows and full stores refuse; the page then only knows less about what to wait for. */
function store(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export function rememberLeaving(leaving: Leaving): void {
  try {
    store()?.setItem(LEAVING, JSON.stringify(leaving));
  } catch {
    return;
  }
}

export function recallLeaving(): Leaving | null {
  const text = store()?.getItem(LEAVING) ?? null;
  return text === null ? null : (JSON.parse(text) as Leaving);
}

const PORTAL = "bursar:portal";

/** Of a visit to Stripe's portal: the card there was. */
export function rememberPortal(card: Overview["paymentMethod"]): void {
  try {
    store()?.setItem(PORTAL, JSON.stringify(card));
  } catch {
    return;
  }
}

/** The card before the visit that this is the way back from; `undefined`: there was none. Told once. */
export function recallPortal(): Overview["paymentMethod"] | undefined {
  const text = store()?.getItem(PORTAL) ?? null;
  store()?.removeItem(PORTAL);
  return text === null ? undefined : (JSON.parse(text) as Overview["paymentMethod"]);
}

/** Whether the overview shows what was bought. Without memory the reconciled overview is taken as it is. */
export function hasArrived(leaving: Leaving | null, overview: Overview): boolean {
  if (leaving === null) return true;
  if (leaving.bought === "credits") return overview.credits.balance > leaving.balanceBefore;
  return overview.plan.id === leaving.planId && overview.interval === leaving.interval;
}

/** What somebody typed and has not sent, so that it is there again when they come back from Stripe. */
export function keepDraft(name: string, text: string): void {
  try {
    if (text === "") store()?.removeItem(`bursar:draft:${name}`);
    else store()?.setItem(`bursar:draft:${name}`, text);
  } catch {
    return;
  }
}

export function recallDraft(name: string): string {
  return store()?.getItem(`bursar:draft:${name}`) ?? "";
}

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
  const name = `bursar:intent:${intent}`;
  const key = store()?.getItem(name) ?? randomKey();
  try {
    store()?.setItem(name, key);
  } catch {
    return { key, forget: () => undefined };
  }
  return { key, forget: () => store()?.removeItem(name) };
}

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

/** Stripe puts the session's id where the braces are, so they stay as they are written. */
export function hostedReturnUrls(
  basePath: string,
  cancelHref: string,
): { successUrl: string; cancelUrl: string } {
  const { origin } = window.location;
  return {
    successUrl: `${origin}${basePath}/return?session_id={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${origin}${cancelHref}${cancelHref.includes("?") ? "&" : "?"}left=checkout`,
  };
}
