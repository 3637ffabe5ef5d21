import { ProblemError, type Overview, type PortalRequest } from "@bursar/client";
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useArriving, withoutPaying } from "./arriving.ts";
import { useBursar } from "./bursar-context.ts";
import { isFinal, type Intent } from "./intents.ts";
import { hearOtherTabs, tellOtherTabs } from "./other-tabs.ts";
import { rememberPortal } from "./portal-visit.ts";
import * as queryKeys from "./query-keys.ts";

/** Covers for a stream that a proxy swallowed; the stream itself is within a second. */
const POLL_MS = 60_000;
const RETRIES_MAX = 2;
/** So long an overview is news: the parts that come on screen with it need not ask once more. */
const NEWS_MS = 2_000;

/** A refusal is an answer: only lost connections and overloaded servers are tried again. */
export function retry(failures: number, error: Error): boolean {
  const isAnswer = error instanceof ProblemError && error.problem.status < 500;
  return !isAnswer && failures < RETRIES_MAX;
}

export function useOverview() {
  const { client, messages, format } = useBursar();
  const { told } = messages;
  const isArriving = useArriving();
  const select = useCallback(
    (overview: Overview) => {
      const answer = told?.answers.overview(overview, told, format) ?? overview;
      return isArriving ? withoutPaying(answer, messages.state.meanwhile) : answer;
    },
    [told, messages, format, isArriving],
  );
  return useQuery({
    queryKey: queryKeys.overview,
    queryFn: client.overview,
    select,
    refetchInterval: POLL_MS,
    staleTime: NEWS_MS,
    retry,
    // Who says that it failed has just appeared: to ask again then would take that away, and so on without end.
    retryOnMount: false,
  });
}

/** Where the server's clock is, from its last answer (R10): a test clock may be months away from the browser's. */
export function useServerNow(): () => number {
  const { data, dataUpdatedAt } = useOverview();
  return () => (data === undefined ? Date.now() : Date.parse(data.now) + Date.now() - dataUpdatedAt);
}

export interface WithKey<Request> {
  request: Request;
  idempotencyKey: string;
}

export interface Intended<Request> {
  request: Request;
  /** Made when the button is pressed, so that every try of this one press has the same key. */
  intent: Intent;
}

export function useUndoPendingChange(onSuccess?: () => void) {
  const { client } = useBursar();
  return useWrite(() => client.undoPendingChange(), { onSuccess });
}

export function useResumePlan(onSuccess?: () => void) {
  const { client } = useBursar();
  return useWrite((intent: Intent) => settle(intent, client.resume), { onSuccess });
}

interface WriteOptions {
  mutationKey?: readonly string[];
  onSuccess?: (() => void) | undefined;
  onError?: (error: Error) => Promise<void>;
}

/**
 * A write that states what shall be, after which everything shown is asked for again; it is at work until that is there.
 * An answer that was lost is asked for again with the same key, so that nothing is done twice.
 */
export function useWrite<Request, Answer>(
  write: (request: Request) => Promise<Answer>,
  { mutationKey, onSuccess, onError }: WriteOptions = {},
) {
  const queries = useQueryClient();
  return useMutation({
    ...(mutationKey === undefined ? {} : { mutationKey }),
    mutationFn: write,
    retry: retryInDoubt,
    onSuccess: () => onSuccess?.(),
    onError: (error) => onError?.(error),
    onSettled: () => {
      tellOtherTabs();
      return refreshShown(queries);
    },
  });
}

/** All but prices: a quote stays good until it is used or has run out, and a used one has no successor. */
function refreshShown(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({
    queryKey: queryKeys.all,
    predicate: ({ queryKey }) => queryKey[1] !== queryKeys.previews[1],
  });
}

/** Lets go of the key with the final answer, also when the button that was pressed has left the screen by then. */
export async function settle<Answer>(
  intent: Intent,
  send: (key: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await send(intent.key);
    intent.forget();
    return answer;
  } catch (error) {
    if (error instanceof Error && isFinal(error)) intent.forget();
    throw error;
  }
}

/** Only silence is asked again: an answer, a fault's too, is one. */
function retryInDoubt(failures: number, error: Error): boolean {
  return !(error instanceof ProblemError) && failures < RETRIES_MAX;
}

/**
 * Lets go of the button that led to a hosted page when the browser brings the page back as it was left: it would say
 * "Opening Stripe" for ever.
 */
export function useReleased<Mutation extends { reset: () => void }>(mutation: Mutation): Mutation {
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

/** Keeps in mind which card there was, so that the way back can say which there is. */
export function usePortal() {
  const { client, messages } = useBursar();
  const queries = useQueryClient();
  return useReleased(
    useMutation({
      mutationFn: (request: PortalRequest) => client.portal({ locale: messages.language, ...request }),
      onSuccess: () => {
        const overview = queries.getQueryData<Overview>(queryKeys.overview);
        if (overview !== undefined) rememberPortal(overview.paymentMethod);
      },
    }),
  );
}

/** Keeps what is on screen true: by the server's stream, and when the browser brings back a kept page. */
export function useLiveBilling(): void {
  const { client } = useBursar();
  const queries = useQueryClient();
  useEffect(() => {
    const refreshAll = () => void refreshShown(queries);
    const close = client.stream({
      onTopic: (topic) => {
        for (const queryKey of queryKeys.ofTopic[topic]) void queries.invalidateQueries({ queryKey });
      },
      // What changed between the first answers and now is not told by the stream.
      onReady: refreshAll,
    });
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) refreshAll();
    };
    window.addEventListener("pageshow", onPageShow);
    const deafen = hearOtherTabs(refreshAll);
    return () => {
      close();
      deafen();
      window.removeEventListener("pageshow", onPageShow);
    };
  }, [client, queries]);
}
