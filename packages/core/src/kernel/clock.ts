import type { AccountId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** Where the time comes from. Handed in everywhere, because test clocks and the simulation own time. */
export interface Clock {
  /**
   * @param accountId whose time is asked for: in the demo an account can travel ahead (N2). Without one it is the
   * machine's own, for what belongs to no account.
   */
  now(accountId?: AccountId): Instant;
}

/** Where new ids and secrets come from; the simulation replays them from a seed. */
export interface IdSource {
  /** A new id with this prefix; ids sort by the time they were made, as far as one process goes. */
  next(prefix: string): string;
  /** An unguessable text of 43 characters (256 bits, base64url). */
  secret(): string;
}
