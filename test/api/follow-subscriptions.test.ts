import type { Subscription } from "@bursar/core";
import { expect, it } from "vitest";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { createAccount } from "../../packages/server/src/accounts/create-account.ts";
import { followSubscriptions } from "../../packages/server/src/subscriptions/follow-subscriptions.ts";
import { listSubscriptions } from "../../packages/server/src/subscriptions/store.ts";
import { systemClock, systemIds } from "../../packages/server/src/system.ts";
import { openMigratedEmbedded } from "../support/migrated.ts";

const startedAt = Date.parse("2026-02-10T12:00:00Z");
const newer: Subscription = {
  subscriptionId: "sub_newer",
  status: "active",
  planId: "team",
  interval: "month",
  seats: 3,
  priceId: "price_team",
  isOwnPrice: false,
  nextPrice: null,
  anchorAt: startedAt,
  periodStartsAt: startedAt,
  periodEndsAt: startedAt + 2_419_200_000,
  startedAt,
  cancelAt: null,
  endedAt: null,
  pending: null,
};
const older: Subscription = { ...newer, subscriptionId: "sub_older", startedAt: startedAt - 60_000 };

it("S7 an older subscription that comes to life later takes the place of the newer, and nothing is held up", async () => {
  const database = await openMigratedEmbedded();
  try {
    const { accountId } = await createAccount(
      { database, clock: systemClock, ids: systemIds, freePlanId: "free" },
      {
        name: "Acme",
        email: "billing@acme.example",
        owner: { name: "Ann Lindt", email: "ann@acme.example" },
        actor: OPERATOR,
      },
    );
    const follow = (subscriptions: Subscription[]) =>
      database.kysely.transaction().execute((db) =>
        followSubscriptions(db, accountId, {
          subscriptions,
          isDeleted: false,
          freePlanId: "free",
          now: startedAt,
        }),
      );
    await follow([{ ...older, status: "incomplete" }, newer]);
    await follow([older, newer]);
    const stored = await listSubscriptions(database.kysely, accountId);
    expect(stored.map(({ subscriptionId }) => subscriptionId)).toEqual(["sub_older"]);
  } finally {
    await database.close();
  }
});
