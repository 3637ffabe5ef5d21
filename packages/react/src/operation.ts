import type { Client } from "@bursar/client";
import { useBursar } from "./bursar-context.ts";
import { settle, useWrite } from "./hooks.ts";
import { intentKey, isFinal, type Intent } from "./intents.ts";

/** `in_doubt`: no answer came; run again with the same request it asks what became of it and does nothing twice. */
export type OperationState = "idle" | "working" | "in_doubt" | "done" | "failed";

export interface Operation<Request, Answer> {
  state: OperationState;
  /** Does nothing while it works. */
  run: (request: Request) => void;
  answer: Answer | null;
  /** A `ProblemError` where the server refused. */
  error: Error | null;
}

/**
 * A write of the billing API for a button of the host's own. Its idempotency key is made from `name` and the request,
 * survives a retry and a reload, and goes with the final answer; after it all parts on screen ask again.
 */
export function useOperation<Request, Answer>(
  name: string,
  send: (client: Client, request: Request, idempotencyKey: string) => Promise<Answer>,
): Operation<Request, Answer> {
  const { client } = useBursar();
  const write = useWrite(({ request, intent }: { request: Request; intent: Intent }) =>
    settle(intent, (key) => send(client, request, key)),
  );
  return {
    state: stateOf(write),
    run: (request) => {
      if (!write.isPending)
        write.mutate({ request, intent: intentKey(`${name}:${JSON.stringify(request)}`) });
    },
    answer: write.data ?? null,
    error: write.error,
  };
}

export function stateOf(write: {
  isPending: boolean;
  isSuccess: boolean;
  failureCount: number;
  error: Error | null;
}): OperationState {
  if (write.isPending) return write.failureCount > 0 ? "in_doubt" : "working";
  if (write.error !== null) return isFinal(write.error) ? "failed" : "in_doubt";
  return write.isSuccess ? "done" : "idle";
}
