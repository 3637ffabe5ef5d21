import { describe, expect, it } from "vitest";
import { HoldServer } from "./hold-server.test-data.ts";
import { UnsettledError, type Unsettled } from "./index.ts";

const lost = (times: number) => Array.from({ length: times }, () => "lost before" as const);

describe("K3 withHold", () => {
  it("holds before the work and settles what it used, added up", async () => {
    const server = new HoldServer();
    const answer = await server.account().withHold({ tokens: 500 }, (hold) => {
      expect(server.outcomes()).toEqual(["500 open"]);
      hold.use(120);
      hold.use(30);
      return Promise.resolve("done");
    });
    expect([answer, server.outcomes()]).toEqual(["done", ["500 settled 150"]]);
  });

  it("charges what was held for work that does not say what it used", async () => {
    const server = new HoldServer();
    await server.account().withHold({ tokens: 500 }, () => Promise.resolve());
    expect(server.outcomes()).toEqual(["500 settled 500"]);
  });

  it("does no work without tokens", async () => {
    const server = new HoldServer();
    server.available = 10;
    let worked = false;
    const work = () => Promise.resolve(void (worked = true));
    const refused = server.account().withHold({ tokens: 500 }, work);
    await expect(refused).rejects.toMatchObject({ problem: { code: "insufficient_credits" } });
    expect([worked, server.outcomes()]).toEqual([false, []]);
  });

  it.each([
    ["gives the hold back when the work failed before it used anything", 0, "500 released"],
    ["charges what failed work used until then", 70, "500 settled 70"],
  ])("%s", async (_name, used, outcome) => {
    const server = new HoldServer();
    const failing = server.account().withHold({ tokens: 500 }, (hold) => {
      hold.use(used);
      return Promise.reject(new Error("the model is down"));
    });
    await expect(failing).rejects.toThrow("the model is down");
    expect(server.outcomes()).toEqual([outcome]);
  });

  it("survives lost answers: one hold, one charge, though each was sent more than once", async () => {
    const server = new HoldServer();
    server.faults.push("lost after", null, "lost after", "lost before");
    await server.account().withHold({ tokens: 500 }, (hold) => Promise.resolve(hold.use(9)));
    expect(server.outcomes()).toEqual(["500 settled 9"]);
    expect(server.log).toEqual([
      "hold lost",
      "hold 200",
      "/0/settle lost",
      "/0/settle lost",
      "/0/settle 200",
    ]);
  });

  it("never loses a charge in silence: what could not be settled is thrown, or handed over", async () => {
    const server = new HoldServer();
    server.faults.push(null, ...lost(7));
    const use = (hold: { use: (tokens: number) => void }) => Promise.resolve(hold.use(40)).then(() => "text");
    const thrown: unknown = await server
      .account()
      .withHold({ tokens: 500 }, use)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UnsettledError);
    expect(thrown).toMatchObject({ holdId: "0", tokens: 40 });

    const kept: Unsettled[] = [];
    server.faults.push(null, ...lost(7));
    const onUnsettled = (unsettled: Unsettled) => void kept.push(unsettled);
    expect(await server.account().withHold({ tokens: 500, onUnsettled }, use)).toBe("text");
    expect(kept).toMatchObject([{ holdId: "1", tokens: 40 }]);
    await server.account().settle("1", 40);
    expect(server.outcomes()).toEqual(["500 open", "500 settled 40"]);
  });

  it.each([-1, 1.5, Number.NaN])("refuses %d as a number of tokens", async (tokens) => {
    const server = new HoldServer();
    const work = server.account().withHold({ tokens: 5 }, (hold) => Promise.resolve(hold.use(tokens)));
    await expect(work).rejects.toThrow(RangeError);
    expect(server.outcomes()).toEqual(["5 released"]);
  });
});

describe("a call that may be repeated", () => {
  it("waits as long as the server says, else longer each time, and gives up in the end", async () => {
    const server = new HoldServer();
    server.faults.push("busy");
    await server
      .account()
      .check({ meter: "sessions" })
      .catch(() => undefined);
    expect(server.pauses).toEqual([2_000]);

    server.pauses.length = 0;
    server.faults.push(...lost(4));
    await expect(server.account({ tries: 4 }).hold({ tokens: 1 })).rejects.toThrow("fetch failed");
    expect(server.pauses.map((ms, index) => ms >= 100 * 2 ** index && ms <= 200 * 2 ** index)).toEqual([
      true,
      true,
      true,
    ]);
    expect(server.holds).toHaveLength(1);
  });

  it("is not repeated when the refusal stays", async () => {
    const server = new HoldServer();
    const account = server.account();
    const { id } = await account.hold({ tokens: 5 });
    await account.settle(id, 5);
    await expect(account.settle(id, 6)).rejects.toMatchObject({ problem: { code: "hold_closed" } });
    expect(server.log).toEqual(["hold 200", "/0/settle 200", "/0/settle 409"]);
  });
});
