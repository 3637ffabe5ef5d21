import type { AccountId, Instant, SubscriptionNews, Target } from "@bursar/core";
import { STRIPE } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { writeNotice, type NewNotice } from "../outbox/store.ts";
import type { NoticeType } from "../outbox/kinds.ts";

/** Puts news of a subscription into the outbox, in the transaction that writes what is new. */
export async function tellNews(
  db: Queryable,
  accountId: AccountId,
  { news, now }: { news: readonly SubscriptionNews[]; now: Instant },
): Promise<void> {
  for (const each of news) {
    await tell(db, each, { accountId, at: now });
    await writeNews(db, each, { accountId, at: now });
  }
}

function tell(
  db: Queryable,
  news: SubscriptionNews,
  about: { accountId: AccountId; at: Instant },
): Promise<boolean> {
  const { has } = news;
  const { subscriptionId, planId } = has;
  // Our copy is compared under the account's lock, so a difference is seen once; what comes once in a life has a key.
  const put = <Type extends NoticeType>(
    type: Type,
    data: NewNotice<Type>["data"],
    key: string | null = null,
  ) => writeNotice(db, { ...about, type, data, key });
  switch (news.code) {
    case "started":
      return put(
        "subscription.started",
        { subscriptionId, ...targetOf(has), periodEnd: iso(has.periodEndsAt) },
        `subscription.started:${subscriptionId}`,
      );
    case "changed":
      return put("subscription.changed", { subscriptionId, from: news.from, to: targetOf(has) });
    case "change_scheduled": {
      const { target, effectiveAt } = news.pending;
      return put("subscription.change_scheduled", {
        subscriptionId,
        to: targetOf(target),
        effectiveAt: iso(effectiveAt),
      });
    }
    case "change_undone":
      return put("subscription.change_undone", { subscriptionId });
    case "renewed":
      return put("subscription.renewed", {
        subscriptionId,
        periodStart: iso(has.periodStartsAt),
        periodEnd: iso(has.periodEndsAt),
      });
    case "cancelled":
      return put("subscription.cancelled", { subscriptionId, planId, endsAt: iso(news.endsAt) });
    case "resumed":
      return put("subscription.resumed", { subscriptionId, planId, renewsAt: iso(has.periodEndsAt) });
    case "ended":
      return put(
        "subscription.ended",
        { subscriptionId, planId, endedAt: iso(has.endedAt ?? about.at), reason: news.reason },
        `subscription.ended:${subscriptionId}`,
      );
  }
}

/** Stripe's word for the audit log: who asked for it here has rows of their own. */
function writeNews(
  db: Queryable,
  news: SubscriptionNews,
  about: { accountId: AccountId; at: Instant },
): Promise<void> {
  const { subscriptionId: subject, status, periodEndsAt, cancelAt, pending, ...has } = news.has;
  return writeAudit(db, STRIPE, {
    ...about,
    action: `subscription.${news.code}`,
    subject,
    before: news.code === "changed" ? news.from : null,
    after: { ...targetOf(has), status, periodEndsAt, cancelAt, pending },
  });
}

function targetOf({ planId, interval, seats }: Target): Target {
  return { planId, interval, seats };
}

const iso = (at: Instant): string => new Date(at).toISOString();
