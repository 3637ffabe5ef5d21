import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { retry } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

/** @param year `null`: all; while another one is asked for, the last stays readable */
export function useInvoices(year: number | null) {
  const { client } = useBursar();
  return useInfiniteQuery({
    queryKey: queryKeys.invoicesOf(year),
    queryFn: ({ pageParam }) =>
      client.invoices({
        ...(year === null ? {} : { year }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    retry,
  });
}
