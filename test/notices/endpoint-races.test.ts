/*
 * An endpoint that is changed, removed or played to again while a message is on its way to it (B4): nothing goes to an
 * address that is no longer meant, no try is taken for another's, and what has arrived is known to have.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databases, startService, type RunningService, type TestAccount } from "../api/service.ts";

interface Delivery {
  id: string;
  state: "due" | "sent" | "failed";
  nextTryAt: string | null;
  tries: { status: number | null }[];
}
/** A request that waits at the receiver for its answer. */
interface Held {
  readonly path: string;
  readonly id: string;
  answer(status: number): void;
}

describe.each(databases)("a message on its way on $name", ({ open }) => {
  let running: RunningService;
  let receiver: Server;
  let url = "";
  let held: Held[] = [];
  let account: TestAccount;
  let path: string;
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.resume();
      const id = String(request.headers["webhook-id"]);
      const answer = (status: number) => void response.writeHead(status).end();
      held.push({ path: request.url ?? "", id, answer });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    running = await startService(open, { jobsByHand: true, outgoing: { targets: "loopback" } });
  });
  afterAll(async () => {
    await running.stop();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  beforeEach(async () => {
    held = [];
    account = await running.newAccount();
    const { body } = await account.call<{ id: string }>("POST", "/api/webhook-endpoints", {
      url: `${url}/first`,
      eventTypes: ["usage.threshold_reached"],
    });
    path = `/api/webhook-endpoints/${body.id}`;
    await account.call("POST", "/api/events", { id: "near", meter: "sessions", quantity: 16 });
    const { courier } = running.service.services;
    await courier.fanOut();
  });

  const send = () => running.service.services.courier.sendWebhooks();
  const arrived = (count: number) => expect.poll(() => held.length).toBe(count);
  const log = async () =>
    (await account.call<{ data: Delivery[] }>("GET", `${path}/deliveries`)).body.data.map(
      ({ state, nextTryAt, tries }) => [state, nextTryAt !== null, tries.map(({ status }) => status)],
    );
  const replay = async () => {
    const { body } = await account.call<{ data: Delivery[] }>("GET", `${path}/deliveries`);
    return account.call<{ replayed: number }>("POST", `${path}/deliveries/${body.data[0]!.id}/replay`);
  };

  it.each([
    [204, ["sent", false, [204]]],
    [500, ["failed", false, []]],
  ] as const)(
    "B4 is disabled meanwhile and answers %i: nothing waits, and what arrived is known",
    async (status, then) => {
      const sending = send();
      await arrived(1);
      expect((await account.call("PATCH", path, { enabled: false })).status).toBe(200);
      held[0]!.answer(status);
      await sending;
      expect(await log()).toEqual([then]);
      await account.call("PATCH", path, { enabled: true });
      await send();
      expect(held).toHaveLength(1);
    },
  );

  it("B4 waits for a next try when it is disabled: that is given up, and replayed when somebody asks", async () => {
    const sending = send();
    await arrived(1);
    held[0]!.answer(500);
    await sending;
    expect(await log()).toEqual([["due", true, [500]]]);
    await account.call("PATCH", path, { enabled: false });
    expect(await log()).toEqual([["failed", false, [500]]]);
    await account.call("PATCH", path, { enabled: true });
    await account.call("POST", `${path}/replay`, { from: "2020-01-01T00:00:00Z" });
    const again = send();
    await arrived(2);
    held[1]!.answer(204);
    await again;
    expect(await log()).toEqual([["sent", false, [500, 204]]]);
  });

  it("B4 its endpoint moves: the next try goes to the new address alone", async () => {
    const sending = send();
    await arrived(1);
    await account.call("PATCH", path, { url: `${url}/second` });
    held[0]!.answer(500);
    await sending;
    await replay();
    const again = send();
    await arrived(2);
    held[1]!.answer(204);
    await again;
    expect(held.map((each) => each.path)).toEqual(["/first", "/second"]);
  });

  it("B4 its endpoint is removed: the log is gone with it, and nothing follows", async () => {
    const sending = send();
    await arrived(1);
    expect((await account.call("DELETE", path)).status).toBe(204);
    held[0]!.answer(500);
    await sending;
    await send();
    expect(held).toHaveLength(1);
    expect((await account.call("GET", `${path}/deliveries`)).status).toBe(404);
    expect((await replayOf(path)).status).toBe(404);
  });
  const replayOf = (of: string) => account.call("POST", `${of}/replay`, { from: "2020-01-01T00:00:00Z" });

  it("B4 a replay that is pressed twice at once sends one more, under the same id", async () => {
    const sending = send();
    await arrived(1);
    held[0]!.answer(204);
    await sending;
    const pressed = await Promise.all([replay(), replay(), replayOf(path)]);
    expect(pressed.map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = send();
    await arrived(2);
    held[1]!.answer(204);
    await again;
    await send();
    expect(held.map(({ id }) => id)).toEqual([held[0]!.id, held[0]!.id]);
    expect(await log()).toEqual([["sent", false, [204, 204]]]);
  });

  it("B4 is replayed while its first try is on its way: the answer to the one is not taken for the other's", async () => {
    const first = send();
    await arrived(1);
    await replay();
    const second = send();
    await arrived(2);
    // The first one fails only now: it says nothing of the second.
    held[0]!.answer(500);
    await first;
    expect(await log()).toEqual([["due", true, []]]);
    await send();
    expect(held).toHaveLength(2);
    held[1]!.answer(204);
    await second;
    expect(await log()).toEqual([["sent", false, [204]]]);
  });
});
