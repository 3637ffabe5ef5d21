import type { AccountId, Instant } from "@bursar/core";

/** Whose it is, by our id and by the product's own. */
export interface MessageAccount {
  readonly id: AccountId;
  readonly externalId: string | null;
}

/** The body as the specification advises: type, time of what happened, and data. */
export function messageBody(message: {
  type: string;
  at: Instant;
  /** `null` in a test alone. */
  account: MessageAccount | null;
  data: Readonly<Record<string, unknown>>;
}): string {
  const { type, at, account, data } = message;
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data: { account, ...data } });
}
