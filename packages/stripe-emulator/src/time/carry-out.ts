/** For each kind of thing that falls due, who does it. To be called inside a transaction at its instant. */
import { expireSession } from "../resources/checkout/routes.ts";
import { deleteClock } from "../resources/test-clocks.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Appointment } from "./agenda.ts";
import type { DueKind } from "./due.ts";

const DEEDS: Record<DueKind, (sandbox: Sandbox, id: string) => void> = {
  session_expires: (sandbox, id) => expireSession(sandbox, found(sandbox.store.checkoutSessions.get(id), id)),
  clock_expires: (sandbox, id) => deleteClock(sandbox, found(sandbox.store.testClocks.get(id), id)),
};

export function carryOut(sandbox: Sandbox, appointment: Appointment): void {
  DEEDS[appointment.kind](sandbox, appointment.id);
}

function found<T>(object: T | undefined, id: string): T {
  if (object === undefined) throw new Error(`${id} fell due and is gone`);
  return object;
}
