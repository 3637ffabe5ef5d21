import {
  ProblemError,
  type ChangeRequest,
  type CheckoutRequest,
  type PlanChoice,
  type Preview,
} from "@bursar/client";
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { useCallback } from "react";
import { useBursar } from "../bursar-context.ts";
import { retry, settle, useReleased, useWrite, type Intended, type WithKey } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

export function usePlans() {
  const {
    client,
    messages: { told },
  } = useBursar();
  const select = useCallback(
    (plans: Awaited<ReturnType<typeof client.plans>>) => told?.answers.plans(plans, told) ?? plans,
    [told],
  );
  return useQuery({ queryKey: queryKeys.plans, queryFn: client.plans, select, retry });
}

/**
 * The price of a choice. While a new one is asked for, the last stays readable as placeholder data. A quote binds, so
 * another is asked for only when it has run out or was refused.
 */
export function usePreview(choice: PlanChoice | null) {
  const { client, messages, format } = useBursar();
  const { told } = messages;
  const select = useCallback(
    (preview: Preview) => told?.answers.preview(preview, told, format) ?? preview,
    [told, format],
  );
  return useQuery({
    queryKey: queryKeys.preview(choice),
    queryFn: () =>
      choice === null ? Promise.reject(new Error("nothing is chosen")) : client.preview(choice),
    select,
    enabled: choice !== null,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    gcTime: 0,
    retry,
  });
}

export function useCheckout() {
  const { client, messages } = useBursar();
  const queries = useQueryClient();
  return useReleased(
    useMutation({
      mutationFn: ({ request, idempotencyKey }: WithKey<CheckoutRequest>) =>
        client.checkout({ locale: messages.language, ...request }, idempotencyKey),
      onError: (error) => refreshPreviews(queries, error),
    }),
  );
}

/** What the page shows after a confirmed change comes from the server; nothing is guessed (R6). */
export function usePlanChange() {
  const { client } = useBursar();
  const queries = useQueryClient();
  return useWrite(
    ({ request, intent }: Intended<ChangeRequest>) => settle(intent, (key) => client.change(request, key)),
    { onError: (error) => refreshPreviews(queries, error) },
  );
}

export function useCancelPlan() {
  const { client } = useBursar();
  return useWrite(({ request, intent }: Intended<{ reason?: string; now?: boolean }>) =>
    settle(intent, (key) => client.cancel(request, key)),
  );
}

export function useWithdraw() {
  const { client } = useBursar();
  return useWrite(({ request, intent }: Intended<{ name: string; email: string }>) =>
    settle(intent, (key) => client.withdraw(request, key)),
  );
}

/** The old quote cannot be paid any more: the person sees the new price before pressing again (R3). */
async function refreshPreviews(queries: QueryClient, error: Error): Promise<void> {
  const isQuoteChanged = error instanceof ProblemError && error.problem.code === "quote_changed";
  if (isQuoteChanged) await queries.invalidateQueries({ queryKey: queryKeys.previews });
}
