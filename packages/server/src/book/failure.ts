import { LostCommitError } from "../db/session.ts";

/** What a failed transaction means for those who wait for it. */
export type Failure =
  /** It lost a race against another transaction: the same batch again will do. */
  | "conflict"
  /** The connection broke during the commit; whether that happened is not known. */
  | "commit_lost"
  /** Nothing was written, and nothing can be now: the server is gone, full, read-only, starting or stopping. */
  | "unavailable"
  /** Something in the batch itself: a broken invariant, a constraint, a value that does not fit. */
  | "batch";

/** SQLSTATE classes and codes, PostgreSQL's appendix A. */
const CONFLICT = ["40001", "40P01"];
const UNAVAILABLE = ["08", "53", "57P", "58", "25006", "57014", "XX"];

/** Node's codes of broken sockets, and the texts of `pg` where it gives no code. */
const SOCKET = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/;
const CONNECTION_TEXT =
  /connection (terminated|ended|error)|not queryable|client was closed|timeout exceeded/i;

export function failureOf(error: unknown): Failure {
  if (error instanceof LostCommitError) return "commit_lost";
  const code = codeOf(error);
  if (code !== null && startsWithOne(code, CONFLICT)) return "conflict";
  if (code !== null && (SOCKET.test(code) || startsWithOne(code, UNAVAILABLE))) return "unavailable";
  if (error instanceof Error && CONNECTION_TEXT.test(error.message)) return "unavailable";
  return "batch";
}

function startsWithOne(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code.startsWith(prefix));
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
