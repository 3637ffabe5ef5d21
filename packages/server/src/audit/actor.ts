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
