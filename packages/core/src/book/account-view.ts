import { entitlementAt, type Entitlement } from "../entitlements/entitlement.ts";
import type { Instant } from "../kernel/time.ts";
import type { AccountState } from "./account-state.ts";
import { openWindow } from "./allocation.ts";
import { availableAt, type Available } from "./available.ts";
import type { BookContext } from "./counted-at.ts";
import { Draft } from "./draft.ts";

export interface MeterView {
  readonly meterId: string;
  readonly used: number;
  /** `null` is unlimited. */
  readonly limit: number | null;
  /** `null` for a level, which never resets. */
  readonly resetsAt: Instant | null;
  /** When the newest event that counts here was received; `null`: none yet. */
  readonly newestReceivedAt: Instant | null;
}

export interface AccountView {
  readonly entitlement: Entitlement;
  /** One for each meter of the catalogue, in its order. */
  readonly meters: readonly MeterView[];
  readonly available: Available;
}

/**
 * What an account has used and can spend at an instant, as its next command would find it: a window that nobody has
 * opened yet shows its whole allocation.
 */
export function viewAccount(context: BookContext, state: AccountState, now: Instant): AccountView {
  const draft = new Draft(state);
  const allocation = openWindow(context, draft, now);
  const entitlement = entitlementAt(context.catalog, state.entitlements, now);
  const meters = context.catalog.meters.map((meter): MeterView => {
    const window = meter.kind === "level" ? null : allocation.window;
    const counter = draft.counterOf({ meterId: meter.id, window });
    return {
      meterId: meter.id,
      used: counter?.used ?? 0,
      limit: entitlement.limits[meter.id] ?? null,
      resetsAt: window?.endsAt ?? null,
      newestReceivedAt: counter?.newestReceivedAt ?? null,
    };
  });
  return { entitlement, meters, available: availableAt(draft, allocation, now) };
}
