import type { AccountId } from "@bursar/core";
import { Gather } from "../db/gather.ts";
import type { Database } from "../db/open-database.ts";
import { findNamedAccounts } from "./store.ts";

/** Some megabytes of names; past it the ones that were first looked up are looked up again. */
const REMEMBERED_MAX = 50_000;

/**
 * Finds accounts by our id or the product's own. What was found is remembered: an account is never removed, and its
 * names never pass to another. Who is allowed to name it is decided elsewhere, on every request.
 */
export class AccountDirectory {
  readonly #remembered = new Map<string, AccountId>();
  readonly #gather: Gather<string, AccountId>;

  constructor({ lookUps }: Database) {
    this.#gather = new Gather(async (names) => {
      const rows = (await lookUps.read(findNamedAccounts(names))) as { name: string; accountId: AccountId }[];
      return new Map(rows.map(({ name, accountId }) => [name, accountId]));
    });
  }

  async find(name: string): Promise<AccountId | null> {
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined) return remembered;
    // No name holds a zero byte, and the database would refuse it, with the names of others beside it.
    if (name.includes("\0")) return null;
    const found = await this.#gather.get(name);
    if (found !== null) this.#remember(name, found);
    return found;
  }

  #remember(name: string, accountId: AccountId): void {
    if (this.#remembered.size >= REMEMBERED_MAX) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(name, accountId);
  }
}

const directories = new WeakMap<Database, AccountDirectory>();

/** The one directory of an open database. */
export function directoryOf(database: Database): AccountDirectory {
  let directory = directories.get(database);
  if (directory === undefined) {
    directory = new AccountDirectory(database);
    directories.set(database, directory);
  }
  return directory;
}
