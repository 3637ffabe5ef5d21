import type { Draft } from "./draft.ts";

/** What was typed while a person adds a card at Stripe, for this tab only. */
const KEPT = "bursar:recharge-draft";

/** Private windows and full stores refuse; then the form begins from what is saved. */
export function keepDraft(draft: Draft): void {
  try {
    window.sessionStorage.setItem(KEPT, JSON.stringify(draft));
  } catch {
    return;
  }
}

export function recallDraft(): Draft | null {
  try {
    const text = window.sessionStorage.getItem(KEPT);
    return text === null ? null : (JSON.parse(text) as Draft);
  } catch {
    return null;
  }
}

export function forgetDraft(): void {
  try {
    window.sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
}
