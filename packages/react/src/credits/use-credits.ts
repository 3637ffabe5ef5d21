import type { PackCheckoutRequest, PurchaseRequest, TransactionsQuery } from "@bursar/client";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { retry, settle, useReleased, useWrite, type Intended, type WithKey } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

export function usePacks() {
  const { client } = useBursar();
  return useQuery({ queryKey: queryKeys.packs, queryFn: client.packs, retry });
}

/** Long pages, because a day's use is shown as one row. */
const TRANSACTIONS_A_PAGE = 100;

export function useTransactions(query: TransactionsQuery) {
  const { client } = useBursar();
  return useInfiniteQuery({
    queryKey: queryKeys.transactionsOf(query),
    queryFn: ({ pageParam }) =>
      client.transactions({
        ...query,
        limit: TRANSACTIONS_A_PAGE,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    retry,
  });
}

/** The pack that was bought last, which is often the one that is bought next. */
export function useLastPurchase() {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.lastPurchase,
    queryFn: () => client.transactions({ type: "purchase", limit: 1 }),
    retry,
  });
}

/** Every purchase by saved card of this visit; the history shows those that are not in the book yet. */
export function usePurchasePack() {
  const { client } = useBursar();
  return useWrite(
    ({ request, intent }: Intended<PurchaseRequest>) =>
      settle(intent, (key) => client.purchasePack(request, key)),
    { mutationKey: queryKeys.purchase },
  );
}

export type PackPurchaseRequest = Intended<PurchaseRequest>;

export function useCreditsCheckout() {
  const { client, messages } = useBursar();
  return useReleased(
    useMutation({
      mutationFn: ({ request, idempotencyKey }: WithKey<PackCheckoutRequest>) =>
        client.creditsCheckout({ locale: messages.language, ...request }, idempotencyKey),
    }),
  );
}
