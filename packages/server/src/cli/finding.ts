/** A line of what doctor found. */
export interface Finding {
  readonly state: "ok" | "note" | "bad";
  readonly what: string;
  /** What to do about it. */
  readonly mend?: string;
}

export const ok = (what: string): Finding => ({ state: "ok", what });
export const note = (what: string, mend: string): Finding => ({ state: "note", what, mend });
export const bad = (what: string, mend: string): Finding => ({ state: "bad", what, mend });
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
