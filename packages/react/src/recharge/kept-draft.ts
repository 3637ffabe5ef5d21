import { forget, keep, recall } from "../tab-store.ts";
import type { Draft } from "./draft.ts";

/** What was typed while a person adds a card at Stripe, for this tab only. */
const KEPT = "recharge-draft";

export const keepDraft = (draft: Draft): void => keep(KEPT, draft);

export const recallDraft = (): Draft | null => recall(KEPT);

export const forgetDraft = (): void => forget(KEPT);
