import { StripeUnavailableError, type Gateway } from "./gateway.ts";

export type OnCall = () => (operation: string, outcome: "done" | "unavailable" | "refused") => void;

/**
 * The same gateway, which tells of each piece of work that it asked of Stripe: `refused` is an answer of Stripe's that we
 * did not expect, `unavailable` none, or one that it cannot now.
 * @param onCall told that work begins; what it returns is told how it ended
 */
export function watchCalls(gateway: Gateway, onCall: OnCall): Gateway {
  const watched = Object.entries(gateway).map(([operation, part]: [string, unknown]) => {
    if (typeof part !== "function" || operation === "verifyEvent") return [operation, part];
    const work = part as (...given: unknown[]) => Promise<unknown>;
    return [
      operation,
      async (...given: unknown[]) => {
        const ended = onCall();
        try {
          const answer = await work(...given);
          ended(operation, "done");
          return answer;
        } catch (error) {
          ended(operation, error instanceof StripeUnavailableError ? "unavailable" : "refused");
          throw error;
        }
      },
    ];
  });
  return Object.fromEntries(watched) as Gateway;
}
