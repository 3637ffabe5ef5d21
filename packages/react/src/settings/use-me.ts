import { useQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { retry } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";

/** Who is signed in, and where else they could be. */
export function useMe(isWanted = true) {
  const { client } = useBursar();
  return useQuery({ queryKey: queryKeys.me, queryFn: client.auth.me, retry, enabled: isWanted });
}

export function useSessions() {
  const { client } = useBursar();
  return useQuery({ queryKey: queryKeys.sessions, queryFn: client.auth.sessions, retry });
}
