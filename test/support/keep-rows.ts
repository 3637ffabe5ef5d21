/* Keeps rows of a PostgreSQL database from everybody else, so that a test can say in which order they come to them. */
import pg from "pg";

export interface KeptRows {
  /** How many wait for a lock of this database at this moment. */
  readonly waiting: () => Promise<number>;
  readonly letGo: () => Promise<void>;
}

/** @param statement takes the rows, as `select ... for update` */
export async function keepRows(url: string, statement: string): Promise<KeptRows> {
  const [holder, watcher] = [
    new pg.Client({ connectionString: url }),
    new pg.Client({ connectionString: url }),
  ];
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query("begin");
  await holder.query(statement);
  return {
    // By a connection of its own: within one transaction it would be the same number for good.
    async waiting() {
      const { rows } = await watcher.query<{ count: number }>(`
        select count(*)::int as count from pg_stat_activity
        where  datname = current_database() and wait_event_type = 'Lock'`);
      return rows[0]!.count;
    },
    async letGo() {
      await holder.query("commit");
      await Promise.all([holder.end(), watcher.end()]);
    },
  };
}

export const accountRow = (accountId: string): string =>
  `select 1 from accounts where account_id = '${accountId}' for update`;
