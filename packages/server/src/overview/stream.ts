import type { AccountId } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { readVersions, type Versions } from "./store-stream.ts";

type StreamTopic = "usage" | "credits" | "subscription" | "notice";

/** How often watched accounts are looked at: an event is on the page within a second (design.md section 3). */
export const POLL_MS = 500;

export interface StreamHub {
  /**
   * Tells `listener` of every change after this has resolved, until it is let go; of what came before, the listener
   * asks for itself. `onEnd` is called when the service stops. @returns lets go
   */
  watch(
    accountId: AccountId,
    listener: (topics: StreamTopic[]) => void,
    onEnd?: () => void,
  ): Promise<() => void>;
  /** How many watch at this moment. */
  watchers(): number;
  /** Looks once at all watched accounts, in one query however many pages are open. */
  poll(): Promise<void>;
  /** Tells every watcher, and whoever comes after, that the service stops. */
  end(): void;
}

export function createStreamHub(database: Database): StreamHub {
  const listeners = new Map<AccountId, Set<(topics: StreamTopic[]) => void>>();
  const known = new Map<AccountId, Versions>();
  const onEnds = new Set<() => void>();
  let hasEnded = false;
  return {
    end() {
      hasEnded = true;
      for (const onEnd of onEnds) onEnd();
    },
    watchers: () => onEnds.size,
    async watch(accountId, listener, onEnd = () => {}) {
      onEnds.add(onEnd);
      if (hasEnded) onEnd();
      const own = listeners.get(accountId) ?? new Set();
      listeners.set(accountId, own.add(listener));
      if (!known.has(accountId)) {
        for (const row of await readVersions(database.kysely, [accountId])) {
          // A poll that came in between has told the listener already.
          if (!known.has(accountId)) known.set(accountId, row);
        }
      }
      return () => {
        onEnds.delete(onEnd);
        own.delete(listener);
        if (own.size > 0) return;
        listeners.delete(accountId);
        known.delete(accountId);
      };
    },
    async poll() {
      if (listeners.size === 0) return;
      for (const row of await readVersions(database.kysely, [...listeners.keys()])) {
        const before = known.get(row.accountId);
        known.set(row.accountId, row);
        if (before === undefined) continue;
        const topics = changedTopics(before, row);
        if (topics.length > 0) listeners.get(row.accountId)?.forEach((listener) => listener(topics));
      }
    },
  };
}

function changedTopics(before: Versions, after: Versions): StreamTopic[] {
  const topics: StreamTopic[] = [];
  if (after.subscription !== before.subscription) topics.push("subscription");
  if (after.entries !== before.entries) topics.push("credits");
  if (after.account !== before.account) topics.push("usage", "notice");
  return topics;
}
