/**
 * Ids are branded strings: unlike ids are unlike types, so that a hold's id cannot be passed for an account's.
 * The prefix is part of the id and tells people in logs and support what they look at.
 */
export type Id<Name extends string> = string & { readonly __id: Name };

export type AccountId = Id<"account">;
export type MemberId = Id<"member">;

export const ID_PREFIXES = {
  account: "acc_",
  member: "mem_",
  event: "evt_",
  hold: "hold_",
  transfer: "txn_",
  credential: "key_",
  request: "req_",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Trusts that the value is such an id: for rows of our own tables and ids we have just made. */
export function asAccountId(value: string): AccountId {
  return value as AccountId;
}

export function asMemberId(value: string): MemberId {
  return value as MemberId;
}
