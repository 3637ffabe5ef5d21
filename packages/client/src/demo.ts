import { ProblemError } from "./problem-error.ts";
import type { Requester } from "./requester.ts";
import type { DemoState, Overview } from "./types.ts";

export interface AdvanceRequest {
  /** So many days on from the account's now, 1 to 400; or `to`, an instant ahead of it. */
  days?: number;
  to?: string;
}

/** What only the demo answers: its bar moves the account's clock and lets things go wrong. Each deed answers the overview. */
export interface DemoClient {
  /** `null`: this is no demo, or its routes are not for this caller. */
  state: () => Promise<DemoState | null>;
  /** Moves the account's clock and everything with it; some seconds for a month. `conflict` while another does so. */
  advance: (request: AdvanceRequest) => Promise<Overview>;
  /** Some use of every meter, now. */
  use: () => Promise<Overview>;
  /** Replaces the saved card by one that works, or by one that declines every charge. */
  card: (request: { card: "works" | "declines" }) => Promise<Overview>;
}

export function createDemoClient({ get, post }: Requester): DemoClient {
  return {
    state: () => get<DemoState>("").catch(nullWhereThereIsNone),
    advance: (request) => post("/advance", request),
    use: () => post("/usage", {}),
    card: (request) => post("/card", request),
  };
}

function nullWhereThereIsNone(error: unknown): null {
  if (error instanceof ProblemError && error.problem.status === 404) return null;
  throw error;
}
