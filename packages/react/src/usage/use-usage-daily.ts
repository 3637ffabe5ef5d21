import type { UsageDailyQuery } from "@bursar/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { retry } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

/** Another meter or span: the days of the last one stay readable while they are asked for. */
export function useUsageDaily(query: UsageDailyQuery | null) {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.usageDaily(query ?? { meter: "" }),
    queryFn: () => client.usageDaily(query ?? { meter: "" }),
    enabled: query !== null,
    placeholderData: keepPreviousData,
    retry,
  });
}
