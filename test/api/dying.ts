/*
 * A process that dies at a chosen point of a saga: before or after any of its calls to the database, to Stripe or to the
 * book. From then on nothing of it works any more, as with a real process, and a transaction under way is rolled back.
 */
import type { KyselyPlugin, RootOperationNode } from "kysely";
import type { Database } from "../../packages/server/src/db/open-database.ts";
import type { RechargeContext } from "../../packages/server/src/recharge/context.ts";

export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

export interface Life {
  /** Points passed so far; at `diesAt` the process dies. */
  points: number;
  readonly diesAt: number;
  /**
   * `all`: before each statement, and before and after each call to Stripe and the book. `effects`: without reads of the
   * database, for to die before one leaves what to die after the write before it leaves.
   */
  readonly at: "all" | "effects";
}

/** @returns the same context, whose every call is a point where the process may die */
export function dying(context: RechargeContext, life: Life): RechargeContext {
  const point = (): void => {
    if (life.points >= life.diesAt) throw new ProcessDied();
    life.points += 1;
  };
  const around =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      point();
      const answer = await call(...given);
      point();
      return answer;
    };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (life.at === "all" || !isRead(node)) point();
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const database: Database = { ...context.database, kysely: context.database.kysely.withPlugin(plugin) };
  const gateway = new Proxy(context.gateway, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      return typeof call === "function" ? around(call as () => Promise<unknown>) : call;
    },
  });
  return {
    ...context,
    database,
    gateway,
    grantPack: around(context.grantPack),
    syncCustomer: around(context.syncCustomer),
  };
}

/** Locking a row writes nothing either: it is let go with the transaction. */
function isRead(node: RootOperationNode): boolean {
  return node.kind === "RawNode" && /^\s*select\b/.test(node.sqlFragments[0] ?? "");
}
