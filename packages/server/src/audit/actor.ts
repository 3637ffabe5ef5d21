/** Who changes something, as the audit log names them. */

type ActorKind =
  "member" | "platform_key" | "account_key" | "session_token" | "operator" | "stripe" | "bursar";

export interface Actor {
  /** A member's id, a credential's id, or for the last three kinds the kind itself. */
  readonly actor: string;
  readonly actorKind: ActorKind;
  /** Of the request that asked for it; `null` where none did. */
  readonly requestId: string | null;
}

const withoutRequest = (kind: ActorKind): Actor => ({ actor: kind, actorKind: kind, requestId: null });

/** Whoever has the command line. */
export const OPERATOR = withoutRequest("operator");
/** What Stripe shows us: done by a person on its pages, by its own clock, or by an operator in its dashboard. */
export const STRIPE = withoutRequest("stripe");
/** The service by itself: a job, a rule, a time that is over. */
export const BURSAR = withoutRequest("bursar");

/** How rows name who asked, for people to read: a member's id, or the kind of what is no person's. */
export function requesterOf({ actor, actorKind }: Actor): string {
  return actorKind === "member" ? actor : actorKind;
}
