import { useQuery } from "@tanstack/react-query";
import { useBursar } from "./bursar-context.ts";
import { retry } from "./hooks.ts";
import { tellOtherTabs } from "./other-tabs.ts";
import * as queryKeys from "./query-keys.ts";

export function useReconcile(sessionId: string | null) {
  const { client } = useBursar();
  return useQuery({
    queryKey: queryKeys.reconcile(sessionId),
    queryFn: async () => {
      const overview = await client.reconcile(sessionId === null ? {} : { sessionId });
      tellOtherTabs();
      return overview;
    },
    enabled: sessionId !== null,
    // A return is dealt with once: asked again with the rest of the page, it would lead away from the screen of then.
    staleTime: "static",
    retry,
  });
}
