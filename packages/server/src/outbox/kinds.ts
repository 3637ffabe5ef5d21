/** The catalogue of everything that leaves through the outbox. docs/webhooks.md is written from it. */
import type { z } from "zod";
import type { NoticeKind } from "./kind.ts";
import { autoRechargeKinds } from "./kinds/auto-recharge.ts";
import { creditKinds } from "./kinds/credits.ts";
import { endpointKinds } from "./kinds/endpoints.ts";
import { paymentKinds } from "./kinds/payments.ts";
import { peopleKinds } from "./kinds/people.ts";
import { subscriptionKinds } from "./kinds/subscriptions.ts";
import { usageKinds } from "./kinds/usage.ts";
import { withdrawalKinds } from "./kinds/withdrawals.ts";

const ALL = [
  ...usageKinds,
  ...creditKinds,
  ...autoRechargeKinds,
  ...subscriptionKinds,
  ...paymentKinds,
  ...withdrawalKinds,
  ...peopleKinds,
  ...endpointKinds,
] as const;

type AnyKind = (typeof ALL)[number];

export type NoticeType = AnyKind["type"];

/** What a notice of this type says. */
export type NoticeData<Type extends NoticeType> = z.output<Extract<AnyKind, { type: Type }>["data"]>;

export const noticeKinds: readonly NoticeKind[] = ALL;

const byType = new Map(noticeKinds.map((each) => [each.type, each]));

export function findKind(type: string): NoticeKind | undefined {
  return byType.get(type);
}
