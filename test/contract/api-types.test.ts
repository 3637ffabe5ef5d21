/*
 * The page's types are written by hand and the server's schemas validate and document; the compiler holds the two
 * against each other here, so that neither can change alone. At run time the check is that the schemas are there.
 */
import type {
  AutoRecharge,
  AcceptedInvitation,
  Account,
  Adjustment,
  CheckAnswer,
  Credits,
  CreditTransaction,
  DemoState,
  Hold,
  IngestAnswer,
  Invitation,
  InvitationSeen,
  Invoice,
  Joined,
  KeyList,
  MemberList,
  Me,
  MeterUsage,
  NewKey,
  NewWebhookEndpoint,
  Notifications,
  Overview,
  Pack,
  PackPurchase,
  Person,
  PlanOffer,
  Preview,
  RechargeAttempt,
  RotatedWebhookSecret,
  SeatHolder,
  SentMail,
  Session,
  SessionToken,
  Settlement,
  SignInOptions,
  TestMail,
  UsageDaily,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookTest,
} from "@bursar/client";
import type { z } from "@hono/zod-openapi";
import { expect, it } from "vitest";
import * as accounts from "../../packages/server/src/http/schemas/accounts.ts";
import * as auth from "../../packages/server/src/http/schemas/auth.ts";
import * as billing from "../../packages/server/src/http/schemas/billing.ts";
import * as credits from "../../packages/server/src/http/schemas/credits.ts";
import * as demo from "../../packages/server/src/http/schemas/demo.ts";
import * as keys from "../../packages/server/src/http/schemas/keys.ts";
import * as members from "../../packages/server/src/http/schemas/members.ts";
import * as notifications from "../../packages/server/src/http/schemas/notifications.ts";
import * as webhooks from "../../packages/server/src/http/schemas/webhooks.ts";
import * as usage from "../../packages/server/src/http/schemas/usage.ts";

/** A schema whose answers are exactly what the page's type says: each can stand for the other. */
type Matching<Schema extends z.ZodType, Wanted> = [z.output<Schema>, Wanted] extends [
  Wanted,
  z.output<Schema>,
]
  ? Schema
  : never;

function matching<Wanted>() {
  return <Schema extends z.ZodType>(schema: Matching<Schema, Wanted> & Schema): boolean =>
    typeof schema.parse === "function";
}

it("B1 the client's types are the server's schemas", () => {
  const held = [
    matching<Overview>()(billing.overview),
    matching<MeterUsage>()(billing.meterUsage),
    matching<PlanOffer>()(billing.planOffer),
    matching<Preview>()(billing.preview),
    matching<Invoice>()(billing.invoice),
    matching<Pack>()(credits.pack),
    matching<AutoRecharge>()(credits.autoRecharge),
    matching<RechargeAttempt>()(credits.rechargeAttempt),
    matching<PackPurchase>()(credits.purchase),
    matching<CreditTransaction>()(credits.creditTransaction),
    matching<Credits>()(credits.credits),
    matching<Adjustment>()(credits.adjustment),
    matching<DemoState>()(demo.demoState),
    matching<KeyList>()(keys.keyList),
    matching<NewKey>()(keys.newKey),
    matching<Notifications>()(notifications.notifications),
    matching<SentMail>()(notifications.sentMail),
    matching<TestMail>()(notifications.testMail),
    matching<WebhookEndpointList>()(webhooks.endpointList),
    matching<WebhookEndpoint>()(webhooks.webhookEndpoint),
    matching<NewWebhookEndpoint>()(webhooks.newEndpoint),
    matching<RotatedWebhookSecret>()(webhooks.rotatedSecret),
    matching<WebhookDelivery>()(webhooks.delivery),
    matching<WebhookTest>()(webhooks.testAnswer),
    matching<UsageDaily>()(usage.usageDaily),
    matching<CheckAnswer>()(usage.checkAnswer),
    matching<Hold>()(usage.hold),
    matching<Settlement>()(usage.settlement),
    matching<IngestAnswer>()(usage.ingestAnswer),
    matching<Account>()(accounts.account),
    matching<SessionToken>()(accounts.sessionToken),
    matching<SeatHolder>()(members.seatHolder),
    matching<Person>()(members.person),
    matching<MemberList>()(members.memberList),
    matching<Invitation>()(members.invitation),
    matching<AcceptedInvitation>()(members.acceptAnswer),
    matching<SignInOptions>()(auth.options),
    matching<InvitationSeen>()(auth.invitationSeen),
    matching<Joined>()(auth.joined),
    matching<Me>()(auth.me),
    matching<Session>()(auth.session),
  ];
  expect(held).not.toContain(false);
});
