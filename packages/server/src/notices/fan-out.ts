/**
 * Makes of each notice the mails and webhooks that it asks for, once: in one transaction the notices are taken (no other
 * server can), their deliveries are written under keys of their own, and the notices are marked. A crash anywhere leaves
 * all of it or nothing.
 */
import type { AccountId, Catalog, Clock } from "@bursar/core";
import { listExternalIds, listPeople, type PersonRow } from "../accounts/store-people.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { insertMails, type NewMail } from "../mail/store.ts";
import { findKind } from "../outbox/kinds.ts";
import { PLATFORM_SCOPE } from "../webhooks/address.ts";
import { messageBody } from "../webhooks/message.ts";
import { listEndpoints, type EndpointRow } from "../webhooks/store.ts";
import { insertDeliveries, type NewDelivery } from "../webhooks/store-deliveries.ts";
import { receiversOf } from "./audience.ts";
import { listPreferences, markHandled, takeNotices, type OutboxRow, type PreferenceRow } from "./store.ts";

/** Some of a second's work; a longer queue takes more rounds. */
const BATCH_MAX = 100;

export interface FanOutContext {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  /** Without a way to mail, no mails are made. */
  readonly hasMail: boolean;
  /** Told of a notice that nobody can send: its type is unknown here, or its data is not what the type says. */
  readonly warn: (accountId: AccountId, sentence: string) => void;
}

/** @returns how many notices were handled */
export function fanOut(context: FanOutContext): Promise<number> {
  const { database, clock } = context;
  return database.kysely.transaction().execute(async (db) => {
    const notices = await takeNotices(db, BATCH_MAX);
    if (notices.length === 0) return 0;
    const now = clock.now();
    const facts = await loadFacts(context, db, notices);
    const sendable = notices.filter((notice) => isSendable(context, notice));
    await insertDeliveries(
      db,
      sendable.flatMap((notice) => deliveriesOf(notice, facts)),
      now,
    );
    if (context.hasMail) {
      await insertMails(
        db,
        sendable.flatMap((notice) => mailsOf(context.catalog, notice, facts)),
        now,
      );
    }
    await markHandled(
      db,
      notices.map(({ outboxId }) => outboxId),
      now,
    );
    return notices.length;
  });
}

interface Facts {
  readonly people: readonly PersonRow[];
  readonly preferences: readonly PreferenceRow[];
  readonly endpoints: readonly EndpointRow[];
  readonly externalIds: ReadonlyMap<AccountId, string>;
}

async function loadFacts(
  { clock }: FanOutContext,
  db: Queryable,
  notices: readonly OutboxRow[],
): Promise<Facts> {
  const accountIds = [...new Set(notices.map(({ accountId }) => accountId))];
  const withNow = accountIds.map((accountId) => ({ accountId, now: clock.now(accountId) }));
  return {
    people: await listPeople(db, withNow),
    preferences: await listPreferences(db, accountIds),
    endpoints: await listEndpoints(db, [...accountIds, PLATFORM_SCOPE]),
    externalIds: await listExternalIds(db, accountIds),
  };
}

function isSendable({ warn }: FanOutContext, { accountId, noticeId, type, data }: OutboxRow): boolean {
  const kind = findKind(type);
  if (kind === undefined) {
    warn(accountId, `The notice ${noticeId} is of the type ${type}, which nobody here sends.`);
    return false;
  }
  if (kind.data.safeParse(data).success) return true;
  warn(accountId, `The notice ${noticeId} does not say what a ${type} says; it was sent to nobody.`);
  return false;
}

function deliveriesOf(
  { accountId, noticeId, type, data, createdAt }: OutboxRow,
  { endpoints, externalIds }: Facts,
): NewDelivery[] {
  const heard = endpoints.filter(
    ({ scope, eventTypes }) =>
      (scope === accountId || scope === PLATFORM_SCOPE) && (eventTypes === null || eventTypes.includes(type)),
  );
  if (heard.length === 0) return [];
  const account = { id: accountId, externalId: externalIds.get(accountId) ?? null };
  const body = messageBody({ type, at: createdAt, account, data });
  return heard.map(({ scope, endpointId, state }) => ({
    scope,
    endpointId,
    noticeId,
    type,
    body,
    // What a disabled endpoint misses is kept, to be replayed when it works again.
    state: state === "enabled" ? "due" : "failed",
    createdAt,
  }));
}

function mailsOf(catalog: Catalog, notice: OutboxRow, facts: Facts): NewMail[] {
  const { accountId, noticeId, createdAt } = notice;
  const kind = findKind(notice.type);
  if (kind === undefined) return [];
  const people = facts.people.filter((each) => each.accountId === accountId);
  const preferences = facts.preferences.filter((each) => each.accountId === accountId);
  return receiversOf(kind, notice, { catalog, people, preferences }).map((receiver) => ({
    ...receiver,
    accountId,
    noticeId,
    createdAt,
  }));
}
