import fc from "fast-check";
import { expect, test } from "vitest";
import { accountFrom } from "../account.ts";
import type { CheckoutSession } from "../entities/checkout-session.ts";
import { Sandbox } from "../sandbox.ts";
import { Store } from "../store/store.ts";
import { Agenda, WALL } from "./agenda.ts";

function newSandbox(): Sandbox {
  const options = { secretKey: "sk_test", baseUrl: "http://localhost" };
  return new Sandbox({ ...options, account: accountFrom(), store: new Store(), now: () => 0 });
}

const open = (id: string, expires_at: number) =>
  ({ id, expires_at, status: "open", customer: null }) as CheckoutSession;

type Step = { id: string; at: number | null; isUndone: boolean };

test("the agenda names what a look at all objects would find, whatever was changed, undone or taken away", () => {
  const step = fc.record<Step>({
    id: fc.constantFrom("cs_1", "cs_2", "cs_3", "cs_4"),
    at: fc.option(fc.integer({ min: 1, max: 9 })),
    isUndone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const sandbox = newSandbox();
      const agenda = new Agenda(sandbox);
      const model = new Map<string, number>();
      for (const { id, at, isUndone } of steps) {
        const work = () => {
          if (at === null) sandbox.store.checkoutSessions.delete(id);
          else sandbox.store.checkoutSessions.put(open(id, at));
          if (isUndone) throw new Error("undone");
        };
        try {
          sandbox.transaction(work);
          if (at === null) model.delete(id);
          else model.set(id, at);
        } catch {
          expect(isUndone).toBe(true);
        }
        const earliest = model.size === 0 ? undefined : Math.min(...model.values());
        expect(agenda.next(WALL)?.at).toBe(earliest);
        const named = agenda.next(WALL)?.id;
        if (named !== undefined) expect(model.get(named)).toBe(earliest);
      }
    }),
  );
});

test("an agenda begun on a store that has objects knows them", () => {
  const sandbox = newSandbox();
  sandbox.transaction(() => sandbox.store.checkoutSessions.put(open("cs_1", 5)));
  expect(new Agenda(sandbox).next(WALL)).toMatchObject({ id: "cs_1", kind: "session_expires", at: 5 });
});

test("what was set aside is not named again until it changes", () => {
  const sandbox = newSandbox();
  const agenda = new Agenda(sandbox);
  sandbox.transaction(() => sandbox.store.checkoutSessions.put(open("cs_1", 5)));
  const first = agenda.next(WALL);
  if (first !== undefined) agenda.setAside(first);
  expect(agenda.next(WALL)).toBeUndefined();
  sandbox.transaction(() => sandbox.store.checkoutSessions.put(open("cs_1", 6)));
  expect(agenda.next(WALL)?.at).toBe(6);
});
