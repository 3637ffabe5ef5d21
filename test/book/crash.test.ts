import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { startPostgres, type PostgresServer } from "../support/postgres-server.ts";
import { countCodes, event, times, tokens } from "./commands.ts";
import { faultsOf, openAccount, openBook } from "./databases.ts";

describe("PostgreSQL killed under load", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: true });
  });
  afterAll(() => server.stop());

  it("loses nothing that was answered; everything sent again is counted once", async () => {
    const database = openPostgres(server.url);
    await migrate(database);
    const accounts = await Promise.all(times(3, () => openAccount(database, "business")));
    const book = openBook(database);
    const commands = times(6_000, (index) => {
      const account = accounts[index % 3]!;
      const group = index % 4 === 0 ? `Project ${index % 5}` : null;
      return index % 2 === 0 ? event(account, { group }) : tokens(account, 7);
    });

    let answered = 0;
    let killed: Promise<void> | undefined;
    const first = await Promise.all(
      commands.map(async (command) => {
        const outcome = await book.submit(command);
        answered += outcome.code === "recorded" ? 1 : 0;
        if (answered >= 1_000) killed ??= server.kill();
        return outcome;
      }),
    );
    await killed;
    const lost = countCodes(first);
    expect(lost["recorded"]).toBeLessThan(6_000);

    await server.restart();
    const second = await Promise.all(commands.map((command) => book.submit(command)));
    const again = countCodes(second);
    expect((again["recorded"] ?? 0) + (again["duplicate"] ?? 0)).toBe(6_000);
    first.forEach((outcome, index) => {
      if (outcome.code === "recorded") expect(second[index]?.code).toBe("duplicate");
      if (outcome.code === "unavailable") expect(second[index]?.code).toBe("recorded");
    });
    expect(await faultsOf(database)).toEqual([]);
    const { rows } = await sql<{
      sum: number;
    }>`select sum(quantity)::bigint as sum from usage_groups`.execute(database.kysely);
    expect(rows[0]?.sum).toBe(1_500);
    await book.close();
    await database.close();
  });
});
