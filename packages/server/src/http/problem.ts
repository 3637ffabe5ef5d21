import { strikeOut } from "../log.ts";

/** The codes of api.md, each with its HTTP status. */
export const PROBLEMS = {
  invalid_request: 400,
  invalid_json: 400,
  invalid_signature: 400,
  unauthenticated: 401,
  limit_reached: 402,
  insufficient_credits: 402,
  payment_failed: 402,
  payment_requires_action: 402,
  forbidden: 403,
  origin_not_allowed: 403,
  not_found: 404,
  conflict: 409,
  no_saved_payment_method: 409,
  seats_in_use: 409,
  no_change: 409,
  quote_changed: 409,
  already_subscribed: 409,
  change_in_progress: 409,
  past_due: 409,
  hold_closed: 409,
  idempotency_in_progress: 409,
  too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  stripe_unavailable: 502,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Seconds after which to try again: a database that restarts is back within a few. */
const RETRY_AFTER: Readonly<Partial<Record<ProblemCode, string>>> = { unavailable: "2" };

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A clear refusal on its way to the caller. `detail` says what happened and what to do. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      errors?: readonly FieldError[];
      extra?: Record<string, unknown>;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** `limit_reached` reads "Limit reached". */
function titleOf(code: ProblemCode): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A sentence may repeat what was sent, which can be as long as a body; beyond this nobody reads on. */
const SENTENCE_CHARACTERS_MAX = 2_000;
/** As many as a list of invitations has fields, and some. */
const FIELD_ERRORS_MAX = 200;

const told = ({ path, message }: FieldError): FieldError => ({
  path: shortened(path),
  message: shortened(message),
});

function shortened(text: string): string {
  if (text.length <= SENTENCE_CHARACTERS_MAX) return text;
  return `${text.slice(0, SENTENCE_CHARACTERS_MAX).toWellFormed()}...`;
}

/**
 * RFC 9457. The type is `about:blank` with a code of ours beside it, as the codes are documented in one table. A sentence
 * may repeat what was sent, and answers are kept in logs of others, so what looks like a secret is struck out of it.
 */
export function problemResponse(problem: ProblemError, requestId: string): Response {
  const status = PROBLEMS[problem.code];
  const body = {
    type: "about:blank",
    title: titleOf(problem.code),
    status,
    detail: shortened(problem.message),
    code: problem.code,
    requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors.slice(0, FIELD_ERRORS_MAX).map(told) }),
    ...problem.extra,
  };
  const retryAfter = RETRY_AFTER[problem.code];
  return new Response(strikeOut(JSON.stringify(body)), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
      ...problem.headers,
    },
  });
}
