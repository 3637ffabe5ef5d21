import { MINUTE_MS } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { markUsed } from "./store-credentials.ts";

/** So many credentials are remembered between two writes; past it some uses are not told. */
const REMEMBERED_MAX = 10_000;
/** A use is told to the minute: a busy key costs one row a minute and not one a request. */
const PRECISION_MS = MINUTE_MS;

/** When credentials were last used, kept here and written now and then, so that no request waits for it. */
export class LastUsed {
  readonly #database: Database;
  readonly #told = new Map<string, number>();
  #untold = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  note(credentialId: string, now: number): void {
    const told = this.#told.get(credentialId);
    if (told !== undefined && now - told < PRECISION_MS) return;
    if (this.#untold.size < REMEMBERED_MAX) this.#untold.set(credentialId, now);
  }

  /** Writes what was noted since the last time. */
  async write(): Promise<void> {
    if (this.#untold.size === 0) return;
    const untold = this.#untold;
    this.#untold = new Map();
    await markUsed(
      this.#database.kysely,
      [...untold].map(([credentialId, at]) => ({ credentialId, at })),
    );
    if (this.#told.size + untold.size > REMEMBERED_MAX) this.#told.clear();
    for (const [credentialId, at] of untold) this.#told.set(credentialId, at);
  }
}
