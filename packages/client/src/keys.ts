import type { Requester } from "./requester.ts";
import type { Permission } from "./told.ts";
import type { List, Role } from "./types.ts";

/** A key for a customer's own automation, without the key itself. */
export interface Key {
  id: string;
  name: string | null;
  role: Role;
  /** Its beginning and end. */
  hint: string | null;
  /** A member's id, a credential's id, or `operator`. */
  createdBy: string | null;
  /** `null` when it was no member, or one who has left. */
  createdByName: string | null;
  createdAt: string;
  /** To the minute. */
  lastUsedAt: string | null;
}

export interface ListedKey extends Key {
  can: { revoke: Permission };
}

export interface RevokedKey extends Key {
  revokedBy: string;
  revokedByName: string | null;
  revokedAt: string;
}

export interface KeyList extends List<ListedKey> {
  /** The newest 20 of the last 90 days. */
  revoked: RevokedKey[];
  /** `makeAs`: the roles that a new key may have. */
  can: { make: Permission; makeAs: Role[] };
}

/** `key` is told this once. */
export interface NewKey extends Omit<Key, "createdByName" | "lastUsedAt"> {
  key: string;
}

/** Everybody of the account sees its keys, owners and admins make and revoke them. */
export interface KeysClient {
  list: (query?: { cursor?: string; limit?: number }) => Promise<KeyList>;
  /** The answer has the key, this once. */
  create: (request: { name: string; role: Role }, idempotencyKey: string) => Promise<NewKey>;
  /** From then on it opens nothing. */
  revoke: (id: string) => Promise<void>;
}

export function createKeysClient({ get, post, remove }: Requester): KeysClient {
  return {
    list: (query) => get("/keys", { cursor: query?.cursor, limit: query?.limit?.toString() }),
    create: (request, idempotencyKey) => post("/keys", request, idempotencyKey),
    revoke: (id) => remove(`/keys/${encodeURIComponent(id)}`),
  };
}
