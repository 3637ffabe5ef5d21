import { DAY_MS, type AccountId, type Catalog, type Clock, type IdSource } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Mailer } from "../mail/mailer.ts";
import { sendDueMails } from "../mail/send-due.ts";
import { dropOldPersonMails, sendPersonMails } from "../mail/send-person-mails.ts";
import { trimMails } from "../mail/store.ts";
import { PLATFORM_SCOPE, type WebhookTargets } from "../webhooks/address.ts";
import { createPost, type Post } from "../webhooks/post.ts";
import { sendDueWebhooks, type SendContext } from "../webhooks/send-due.ts";
import { trimDeliveries } from "../webhooks/store-deliveries.ts";
import { fanOut } from "./fan-out.ts";
import { trimNotices } from "./store.ts";

/** How messages leave; settings decide it. */
export interface Outgoing {
  /** Where people reach the page. */
  readonly publicUrl: string;
  /** `null`: no mails are made. */
  readonly mailer: Mailer | null;
  readonly targets: WebhookTargets;
}

/** Both sides of a question about a message are past after a month; mails are kept longer, as their links are used late. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
const MAILS_KEPT_MS = 90 * DAY_MS;
const NOTICES_KEPT_MS = 90 * DAY_MS;
const TRIMMED_MAX = 1_000;

export interface Courier {
  readonly webhooks: SendContext;
  readonly mails: Pick<Outgoing, "mailer" | "publicUrl">;
  /** Whether mails leave at all. */
  readonly hasMail: boolean;
  /** Fans out all that is in the outbox. @returns whether there was anything */
  fanOut(): Promise<boolean>;
  /** Sends all that is due. */
  sendWebhooks(): Promise<void>;
  sendMails(): Promise<void>;
  /** All three, one after the other. */
  deliver(): Promise<void>;
  /** Removes what is old, in small deletes. */
  trim(): Promise<void>;
  /** What is on its way is finished and nothing more begun: what waits is another server's, or the next start's. */
  stopSending(): void;
  close(): void;
}

/** Reads the outbox and sends what comes of it. Each part is safe to run on any number of servers. */
export function createCourier(options: {
  database: Database;
  catalog: Catalog;
  clock: Clock;
  ids: IdSource;
  outgoing: Outgoing;
  warn: (accountId: AccountId | typeof PLATFORM_SCOPE, sentence: string) => void;
  post?: Post;
}): Courier {
  const { database, clock, outgoing, warn, post = createPost() } = options;
  const { mailer, publicUrl, targets } = outgoing;
  const webhooks = {
    database,
    clock,
    post,
    targets,
    warn: (sentence: string) => warn(PLATFORM_SCOPE, sentence),
  };
  const standing = { isStopping: false };
  const untilNone = (work: () => Promise<number>) => workOff(work, standing);
  const courier: Courier = {
    webhooks,
    mails: { mailer, publicUrl },
    hasMail: mailer !== null,
    fanOut: () => untilNone(() => fanOut({ ...options, hasMail: mailer !== null })),
    sendWebhooks: async () => void (await untilNone(() => sendDueWebhooks(webhooks))),
    sendMails: async () => {
      if (mailer === null) return;
      const context = { ...options, mailer, publicUrl, standing };
      // First: somebody waits for these at the page.
      await untilNone(() => sendPersonMails(context));
      await untilNone(() => sendDueMails(context));
    },
    async deliver() {
      await courier.fanOut();
      await courier.sendWebhooks();
      await courier.sendMails();
    },
    async trim() {
      const now = clock.now();
      const limit = TRIMMED_MAX;
      await trimDeliveries(database.kysely, { before: now - DELIVERIES_KEPT_MS, limit });
      await trimMails(database.kysely, { before: now - MAILS_KEPT_MS, limit });
      await trimNotices(database.kysely, { before: now - NOTICES_KEPT_MS, limit });
      await dropOldPersonMails(options);
    },
    stopSending: () => void (standing.isStopping = true),
    close: () => mailer?.close(),
  };
  return courier;
}

/** A queue is worked off at once, but not for ever: a run ends so that a stop is heard. */
const ROUNDS_MAX = 100;

/** @returns whether there was any */
async function workOff(work: () => Promise<number>, standing: { isStopping: boolean }): Promise<boolean> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    if (standing.isStopping || (await work()) === 0) return round > 1;
  }
  return true;
}
