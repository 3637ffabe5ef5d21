import type { InvitationRequest, MemberList, Role } from "@bursar/client";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useBursar } from "../bursar-context.ts";
import { retry, settle, useWrite } from "../hooks.ts";
import type { Intent } from "../intents.ts";
import * as queryKeys from "../query-keys.ts";

/** The server's longest page: teams beyond it are shown as far as it goes, and counted whole. */
const SHOWN_MAX = 100;

export function usePeople() {
  const {
    client,
    messages: { told },
  } = useBursar();
  const select = useCallback((people: MemberList) => told?.answers.people(people, told) ?? people, [told]);
  return useQuery({
    queryKey: queryKeys.people,
    queryFn: () => client.members({ limit: SHOWN_MAX }),
    select,
    retry,
  });
}

export function useInvite() {
  const { client } = useBursar();
  return useWrite(({ request, intent }: { request: InvitationRequest[]; intent: Intent }) =>
    settle(intent, (key) => client.invite(request, key)),
  );
}

/** @param onSuccess called though the row that asked has left the list by then */
export function useRemovePerson(onSuccess: () => void) {
  const { client } = useBursar();
  return useWrite((id: string) => client.removePerson(id), { onSuccess });
}

export function useChangeRole(onSuccess: () => void) {
  const { client } = useBursar();
  return useWrite(({ id, role }: { id: string; role: Role }) => client.changeRole(id, role), { onSuccess });
}

export function useResendInvitation() {
  const { client } = useBursar();
  return useWrite((id: string) => client.resendInvitation(id));
}
