import type { AutoRechargeRequest } from "@bursar/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { retry, useWrite } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

/** It says what shall be, so a lost answer may be asked for again without a key. */
export function useSaveAutoRecharge(onSuccess?: () => void) {
  const { client } = useBursar();
  return useWrite((request: AutoRechargeRequest) => client.saveAutoRecharge(request), { onSuccess });
}

export function useRechargeAttempts() {
  const { client } = useBursar();
  return useInfiniteQuery({
    queryKey: queryKeys.recharges,
    queryFn: ({ pageParam }) => client.rechargeAttempts(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    retry,
  });
}
