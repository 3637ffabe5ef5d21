import {
  ProblemError,
  type ChangeRequest,
  type CheckoutRequest,
  type PackCheckoutRequest,
  type PlanChoice,
} from "@bursar/client";
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { useBursar } from "./bursar-context.ts";
import { keysOfTopic, queryKeys } from "./query-keys.ts";

/** Covers for a stream that a proxy swallowed; the stream itself is within a second. */
const POLL_MS = 60_000;
/** A quote binds for ten minutes at the server; a new one is fetched before the old one ends. */
const QUOTE_REFRESH_MS = 540_000;
const RETRIES_MAX = 2;

/** A refusal is an answer: only lost connections and overloaded servers are tried again. */
function retry(failures: number, error: Error): boolean {
  const isAnswer = error instanceof ProblemError && error.problem.status < 500;
  return !isAnswer && failures < RETRIES_MAX;
}

export function useOverview() {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.overview,
    queryFn: client.overview,
    refetchInterval: POLL_MS,
    retry,
  });
}

export function usePlans() {
  const { client } = useBursar();
  return useQuery({ queryKey: queryKeys.plans, queryFn: client.plans, retry });
}

export function usePacks() {
  const { client } = useBursar();
  return useQuery({ queryKey: queryKeys.packs, queryFn: client.packs, retry });
}

/** The price of a choice. While a new one is asked for, the last stays readable as placeholder data. */
export function usePreview(choice: PlanChoice | null) {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.preview(choice),
    queryFn: () =>
      choice === null ? Promise.reject(new Error("nothing is chosen")) : client.preview(choice),
    enabled: choice !== null,
    placeholderData: keepPreviousData,
    refetchInterval: QUOTE_REFRESH_MS,
    gcTime: 0,
    retry,
  });
}

export function useTransactions() {
  const { client } = useBursar();
  return useInfiniteQuery({
    queryKey: queryKeys.transactions,
    queryFn: ({ pageParam }) => client.transactions(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    retry,
  });
}

export function useInvoices() {
  const { client } = useBursar();
  return useInfiniteQuery({
    queryKey: queryKeys.invoices,
    queryFn: ({ pageParam }) => client.invoices(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    retry,
  });
}

export function useReconcile(sessionId: string | null) {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.reconcile(sessionId),
    queryFn: () => client.reconcile(sessionId === null ? {} : { sessionId }),
    enabled: sessionId !== null,
    staleTime: Infinity,
    retry,
  });
}

interface WithKey<Request> {
  request: Request;
  idempotencyKey: string;
}

export function useCheckout() {
  const { client } = useBursar();
  const queries = useQueryClient();
  return useReleased(
    useMutation({
      mutationFn: ({ request, idempotencyKey }: WithKey<CheckoutRequest>) =>
        client.checkout(request, idempotencyKey),
      onError: (error) => refreshPreviews(queries, error),
    }),
  );
}

/**
 * A confirmed change. What the page shows afterwards comes from the server; nothing is guessed (R6). An answer that was
 * lost is asked for again with the same key, so that nothing is done twice.
 */
export function usePlanChange() {
  const { client } = useBursar();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ request, idempotencyKey }: WithKey<ChangeRequest>) =>
      client.change(request, idempotencyKey),
    retry: retryInDoubt,
    onError: (error) => refreshPreviews(queries, error),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.all }),
  });
}

export function useUndoPendingChange() {
  const { client } = useBursar();
  return useWrite(() => client.undoPendingChange());
}

export function useCancelPlan() {
  const { client } = useBursar();
  return useWrite(({ request, idempotencyKey }: WithKey<{ reason?: string; now?: boolean }>) =>
    client.cancel(request, idempotencyKey),
  );
}

export function useResumePlan() {
  const { client } = useBursar();
  return useWrite((idempotencyKey: string) => client.resume(idempotencyKey));
}

/** A write that states what shall be, after which everything shown is asked for again. */
function useWrite<Request, Answer>(write: (request: Request) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    retry: retryInDoubt,
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.all }),
  });
}

/** Only silence is asked again: an answer, a fault's too, is one. */
function retryInDoubt(failures: number, error: Error): boolean {
  return !(error instanceof ProblemError) && failures < RETRIES_MAX;
}

/** The old quote cannot be paid any more: the person sees the new price before pressing again (R3). */
async function refreshPreviews(queries: QueryClient, error: Error): Promise<void> {
  const isQuoteChanged = error instanceof ProblemError && error.problem.code === "quote_changed";
  if (isQuoteChanged) await queries.invalidateQueries({ queryKey: queryKeys.previews });
}

export function useCreditsCheckout() {
  const { client } = useBursar();
  return useReleased(
    useMutation({
      mutationFn: ({ request, idempotencyKey }: WithKey<PackCheckoutRequest>) =>
        client.creditsCheckout(request, idempotencyKey),
    }),
  );
}

/**
 * Lets go of the button that led to a hosted page when the browser brings the page back as it was left: it would say
 * "Opening Stripe" for ever.
 */
function useReleased<Mutation extends { reset: () => void }>(mutation: Mutation): Mutation {
  const { reset } = mutation;
  useEffect(() => {
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) reset();
    };
    window.addEventListener("pageshow", onPageShow);
    return () => window.removeEventListener("pageshow", onPageShow);
  }, [reset]);
  return mutation;
}

export function usePortal() {
  const { client } = useBursar();
  return useMutation({ mutationFn: client.portal });
}

/** Keeps what is on screen true: by the server's stream, and when the browser brings back a kept page. */
export function useLiveBilling(): void {
  const { client } = useBursar();
  const queries = useQueryClient();
  useEffect(() => {
    const refreshAll = () => void queries.invalidateQueries({ queryKey: queryKeys.all });
    const close = client.stream({
      onTopic: (topic) => {
        for (const queryKey of keysOfTopic[topic]) void queries.invalidateQueries({ queryKey });
      },
      // What changed between the first answers and now is not told by the stream.
      onReady: refreshAll,
    });
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) refreshAll();
    };
    window.addEventListener("pageshow", onPageShow);
    return () => {
      close();
      window.removeEventListener("pageshow", onPageShow);
    };
  }, [client, queries]);
}
