import { apply, bookContext, factsNeeded, plainNote, type Command } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBatch } from "../../packages/server/src/book/store.ts";
import { lockAccounts, readFacts, readKnown, toStates } from "../../packages/server/src/book/store-facts.ts";
import { Gather } from "../../packages/server/src/db/gather.ts";
import { nextTurn } from "../../packages/server/src/db/turn.ts";
import { LostCommitError, type Session, type Statement } from "../../packages/server/src/db/session.ts";
import { event, hold, times, tokens } from "./commands.ts";
import { catalog, databases, NOW, openAccount, type BookDatabase } from "./databases.ts";

let lastName = 0;

function statement(text: string, ...values: Statement["values"]): Statement {
  lastName += 1;
  return { name: `test_${lastName}`, text, values };
}

describe.each(databases)("a session on $name", ({ open }) => {
  let place: BookDatabase;
  let session: Session;
  beforeAll(async () => {
    place = await open();
    session = place.database.openSession();
    await sql`create table notes (id int primary key, text text not null)`.execute(place.database.kysely);
  });
  afterAll(async () => {
    await session.close();
    await place.drop();
  });
  const insert = (id: number, text: string | null = "") =>
    statement("insert into notes values ($1::int, $2::text)", id, text);
  const idsFrom = async (first: number) =>
    (await session.read(statement("select id from notes where id >= $1::int order by id", first))).map(
      (row) => (row as { id: number }).id,
    );

  it("reads, decides and writes in one transaction", async () => {
    const result = await session.transact(
      [statement("select 2 as n"), statement("select 3 as n")],
      ([first, second]) => {
        const sum = [first, second].reduce((total, rows) => total + (rows![0] as { n: number }).n, 0);
        return { writes: [insert(sum), insert(sum + 1)], result: sum };
      },
    );
    expect(result).toBe(5);
    expect(await idsFrom(5)).toEqual([5, 6]);
  });

  it("writes nothing when one of its writes is refused, and the next transaction is none the wiser", async () => {
    const refused = session.transact([], () => ({
      writes: [insert(10), insert(11, null), insert(12)],
      result: "",
    }));
    await expect(refused).rejects.toMatchObject({ code: "23502" });
    await session.transact([], () => ({ writes: [insert(13)], result: "" }));
    expect(await idsFrom(10)).toEqual([13]);
  });

  it("tells the first refusal of its reads, not those that follow from it", async () => {
    const reads = [statement("select 1"), statement("select 1 / $1::int", 0), statement("select 2")];
    const refused = session.transact(reads, () => ({ writes: [], result: "" }));
    await expect(refused).rejects.toMatchObject({ code: "22012" });
    expect(await session.read(statement("select 1 as n"))).toEqual([{ n: 1 }]);
  });

  it("refuses what cannot be put into a packet, in reads and in writes, and goes on", async () => {
    const unsendable = statement("select $1::text[]", {} as never);
    await expect(session.read(unsendable)).rejects.toThrow(TypeError);
    const read = session.transact([unsendable], () => ({ writes: [], result: "" }));
    await expect(read).rejects.toThrow(TypeError);
    const written = session.transact([], () => ({ writes: [insert(30), unsendable], result: "" }));
    await expect(written).rejects.toThrow(TypeError);
    expect(await idsFrom(30)).toEqual([]);
  });

  it("writes nothing when the decision fails", async () => {
    const failed = session.transact([insert(20)], () => {
      throw new Error("a broken rule");
    });
    await expect(failed).rejects.toThrow("a broken rule");
    expect(await idsFrom(20)).toEqual([]);
  });

  it.each([
    ["a batch", [], 12],
    ["a batch with groups", ["Atlas"], 13],
  ])(
    "plans every statement of %s by an index, though the tables are small and were never analysed",
    async (_, groups, count) => {
      const account = await openAccount(place.database, "business");
      const context = bookContext(catalog);
      const grant = {
        type: "grant",
        kind: "purchase",
        accountId: account,
        source: "pi_1",
        tokens: 9_000_000,
      };
      const sent = [
        { ...grant, note: plainNote("Credits") },
        tokens(account, 25_000_000),
        hold(account, "hold_1", 5),
        ...groups.map((group) => event(account, { group })),
      ];
      const commands = sent.map((each) => ({ ...each, receivedAt: NOW })) as Command[];
      const needed = factsNeeded(context, commands);
      const reads = [lockAccounts(needed), readFacts(needed), readKnown(needed)];
      let writes: Statement[] = [];
      await session.transact(reads, ([, facts, known]) => {
        const applied = apply(context, toStates(facts!, known), commands);
        const recorded = commands.find((each) => each.type === "event")!;
        writes = writeBatch(applied.writes, [{ event: recorded, late: false, properties: null }]);
        return { writes, result: "" };
      });
      const all = [...reads, ...writes];
      expect(all).toHaveLength(count);
      // Where two indexes begin with the account, the one that knows the rest: else all of an account's rows are walked.
      const meant: Record<string, string[]> = {
        read_known: ["(event_id = w.id)", "(source = w_1.id)"],
        read_facts: ["using holds_alive", "(hold_id = ANY ($4))"],
      };
      for (const { name, values } of all) {
        const explained = await session.read(
          statement(`explain execute ${name}(${values.map(() => "null").join(", ")})`),
        );
        const plan = explained.map((row) => (row as Record<string, string>)["QUERY PLAN"]).join("\n");
        expect(plan, name).not.toContain("Seq Scan on");
        expect(plan, name).toMatch(/Index|Insert on/);
        for (const condition of meant[name] ?? []) expect(plan, name).toContain(condition);
      }
    },
  );

  it("plans as it likes outside of it: pages and jobs share the embedded connection", async () => {
    await session.read(statement("select 1"));
    const { rows } = await sql`show enable_seqscan`.execute(place.database.kysely);
    expect(rows).toEqual([{ enable_seqscan: "on" }]);
  });
});

describe("a session on PostgreSQL", () => {
  let place: BookDatabase;
  let session: Session;
  beforeAll(async () => {
    place = await databases[1]!.open();
    session = place.database.openSession();
  });
  afterAll(async () => {
    await session.close();
    await place.drop();
  });
  // A session steps down to a role that may not end connections, not even its own.
  const end = [statement("reset role"), statement("select pg_terminate_backend(pg_backend_pid())")];

  it("whose connection breaks before the commit has written nothing, says so, and connects again", async () => {
    const broken = session.transact(end, () => ({ writes: [], result: "" }));
    await expect(broken).rejects.toMatchObject({ code: "57P01" });
    expect(await session.read(statement("select 1 as n"))).toEqual([{ n: 1 }]);
  });

  it("whose connection is ended by a write before the commit has written nothing, and knows it", async () => {
    const broken = session.transact([], () => ({ writes: end, result: "" }));
    await expect(broken).rejects.toMatchObject({ code: "57P01" });
    await expect(broken).rejects.not.toBeInstanceOf(LostCommitError);
  });
});

describe("look-ups that are gathered", () => {
  it("that come together are read together, each key once; the next ones wait for their own read", async () => {
    const reads: string[][] = [];
    const gather = new Gather<string, string>((keys) => {
      reads.push([...keys]);
      return Promise.resolve(new Map(keys.filter((key) => key !== "none").map((key) => [key, `${key}!`])));
    });
    const first = times(3, () => gather.get("a"));
    expect(await Promise.all([...first, gather.get("b"), gather.get("none")])).toEqual([
      "a!",
      "a!",
      "a!",
      "b!",
      null,
    ]);
    expect(await gather.get("a")).toBe("a!");
    expect(reads).toEqual([["a", "b", "none"], ["a"]]);
  });

  it("are never answered by a read that began before they were asked", async () => {
    const running = Promise.withResolvers<void>();
    let value = 1;
    const gather = new Gather<string, number>(async (keys) => {
      const found = new Map(keys.map((key) => [key, value]));
      await running.promise;
      return found;
    });
    const before = gather.get("a");
    await nextTurn();
    value = 2;
    const after = gather.get("a");
    running.resolve();
    expect([await before, await after]).toEqual([1, 2]);
  });

  it("fail together when their read fails, and the next read is a new one", async () => {
    let fails = true;
    const gather = new Gather<string, number>((keys) =>
      fails ? Promise.reject(new Error("gone")) : Promise.resolve(new Map(keys.map((key) => [key, 1]))),
    );
    const lost = await Promise.allSettled([gather.get("a"), gather.get("b")]);
    expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    fails = false;
    expect(await gather.get("a")).toBe(1);
  });
});
