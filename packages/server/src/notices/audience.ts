/** Who is mailed about a notice: who may act on it now, and wants it. Plain values in, people out. */
import { findPlan, type Catalog } from "@bursar/core";
import type { Role } from "../accounts/roles.ts";
import type { PersonRow } from "../accounts/store-people.ts";
import type { NoticeKind } from "../outbox/kind.ts";
import { isRequired, meterSubject } from "./preferences.ts";
import type { PreferenceRow } from "./store.ts";

const ROLES: Readonly<Record<"billing" | "managers", readonly Role[]>> = {
  billing: ["owner", "admin", "billing"],
  managers: ["owner", "admin"],
};

export interface Receiver {
  readonly recipient: string;
  readonly memberId: string | null;
}

/**
 * @param people of the notice's account
 * @param preferences of these people
 */
export function receiversOf(
  kind: NoticeKind,
  notice: { readonly data: Readonly<Record<string, unknown>> },
  facts: { catalog: Catalog; people: readonly PersonRow[]; preferences: readonly PreferenceRow[] },
): Receiver[] {
  const { mail } = kind;
  if (mail === null) return [];
  if (mail.to === "invited" || mail.to === "named")
    return [{ recipient: String(notice.data["email"]), memberId: null }];
  const roles = ROLES[mail.to];
  const { meter } = notice.data;
  const subjects = [mail.category, ...(typeof meter === "string" ? [meterSubject(meter)] : [])];
  return facts.people
    .filter((person) => roles.includes(person.role) && isActive(facts.catalog, person))
    .filter(({ role, memberId }) => {
      if (isRequired(mail.category, role)) return true;
      return subjects.every((subject) => wants(facts.preferences, memberId, subject));
    })
    .map(({ email, memberId }) => ({ recipient: email, memberId }));
}

/** On a plan with one seat only the owner may act (S4). */
function isActive(catalog: Catalog, { planId, isFirstOwner }: PersonRow): boolean {
  const plan = findPlan(catalog, planId ?? catalog.freePlanId) ?? findPlan(catalog, catalog.freePlanId)!;
  return plan.perSeat || isFirstOwner;
}

/** Who has said nothing wants it. */
function wants(preferences: readonly PreferenceRow[], memberId: string, subject: string): boolean {
  const wish = preferences.find((each) => each.memberId === memberId && each.subject === subject);
  return wish?.isWanted ?? true;
}
