/** A clock of its own that customers may live on; it stands still until somebody advances it. */
export interface TestClock {
  id: string;
  /** On the wall clock, as `deletes_after`: the clock itself does not live in its own time. */
  created: number;
  deletes_after: number;
  name: string | null;
  /** Its time now. While it advances, this is the instant of the last thing that was carried out. */
  frozen_time: number;
  status: "ready" | "advancing" | "internal_failure";
  /** Where it is going, while it advances. */
  target_frozen_time: number | null;
}
