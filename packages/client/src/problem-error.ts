import type { Problem } from "./types.ts";

/** A request that the server refused, with the problem (RFC 9457) it answered. `message` is its `detail`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const { code, detail, status } = value as Partial<Problem>;
  return typeof code === "string" && typeof detail === "string" && typeof status === "number";
}

/**
 * Reads the problem out of a refused answer. A proxy between us and the server may answer with a page of its own;
 * then the problem is made from the status, so that callers have one shape to handle.
 */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body;
  return {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    detail: `The server answered with status ${response.status}. Try again in a minute.`,
    code: "unavailable",
    requestId: response.headers.get("Request-Id") ?? "",
  };
}
