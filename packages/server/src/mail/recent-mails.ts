import type { AccountId, Catalog, Instant, MemberId } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { findKind } from "../outbox/kinds.ts";
import { sayFor } from "../outbox/say.ts";
import { listMailsOf, type MailRow } from "./store.ts";

/** One mail as its receiver sees it in the settings. */
export interface RecentMail {
  readonly noticeId: string;
  readonly subject: string;
  readonly recipient: string;
  readonly state: "due" | "sent" | "failed";
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  /** When it is tried again, once it has failed. */
  readonly nextTryAt: Instant | null;
  readonly error: string | null;
}

/** What a person was mailed, the newest first. The words are written anew, as they were when it was sent. */
export async function listRecentMails(
  { database, catalog }: { database: Database; catalog: Catalog },
  person: { accountId: AccountId; memberId: MemberId },
  page: { limit: number; after: { createdAt: Instant; noticeId: string } | null },
): Promise<RecentMail[]> {
  const rows = await listMailsOf(database.kysely, person, page);
  return rows.map(({ attempts, notBefore, error, ...row }) => ({
    noticeId: row.noticeId,
    subject: subjectOf(catalog, row),
    recipient: row.recipient,
    state: row.state,
    createdAt: row.createdAt.getTime(),
    sentAt: row.sentAt?.getTime() ?? null,
    nextTryAt: row.state === "due" && attempts > 0 ? notBefore.getTime() : null,
    error,
  }));
}

function subjectOf(
  catalog: Catalog,
  { type, data, accountName }: Pick<MailRow, "type" | "data" | "accountName">,
) {
  const kind = findKind(type);
  const parsed = kind?.data.safeParse(data);
  const words =
    parsed?.success === true ? kind?.mail?.words(parsed.data, sayFor(catalog, accountName)) : null;
  return words?.subject ?? type;
}
