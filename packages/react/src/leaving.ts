import type { Interval, Overview } from "@bursar/client";
import { forget, keep, recall } from "./tab-store.ts";

/**
 * What the browser keeps while a person is at Stripe, for this tab only. It says what was being bought, so that the page
 * knows what to wait for on return; what it then shows comes from the server.
 */
export type Leaving =
  | { bought: "plan"; planId: string; planName: string; interval: Interval }
  | { bought: "credits"; balanceBefore: number };

const LEAVING = "leaving";

export const rememberLeaving = (leaving: Leaving): void => keep(LEAVING, leaving);

export const recallLeaving = (): Leaving | null => recall(LEAVING);

/** Whether the overview shows what was bought. Without memory the reconciled overview is taken as it is. */
export function hasArrived(leaving: Leaving | null, overview: Overview): boolean {
  if (leaving === null) return true;
  if (leaving.bought === "credits") return overview.credits.balance > leaving.balanceBefore;
  return overview.plan.id === leaving.planId && overview.interval === leaving.interval;
}

/** What somebody typed and has not sent, so that it is there again when they come back from Stripe. */
export function keepDraft(name: string, text: string): void {
  if (text === "") forget(`draft:${name}`);
  else keep(`draft:${name}`, text);
}

export const recallDraft = (name: string): string => recall<string>(`draft:${name}`) ?? "";

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
