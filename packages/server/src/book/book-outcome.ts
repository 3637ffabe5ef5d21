import type { Outcome } from "@bursar/core";

/** Answers that the book gives when it could not decide, with what is true of the command's effect. */
export type Undecided =
  /** The queue is full or the book is closing. Nothing was recorded: send it again later. */
  | { readonly code: "busy" }
  /** The database could not be written. Nothing was recorded: send it again later. */
  | { readonly code: "unavailable" }
  /** The connection broke during the commit: recorded or not. The same id sent again tells, and counts once. */
  | { readonly code: "unknown" }
  /** The command broke a rule that must always hold. Nothing was recorded, and again would fail again. */
  | { readonly code: "failed" };

export type BookOutcome = Outcome | Undecided;
