import { expect } from "vitest";
import type { Problem } from "../../packages/client/src/index.ts";
import type { Answer } from "./service.ts";

/** Asserts a refusal in the shape of RFC 9457 that says what to do, and gives it back for a closer look. */
export function expectProblem(answer: Answer<unknown>, status: number, code: string): Problem {
  const problem = answer.body as Problem;
  expect([answer.status, problem.code], JSON.stringify(problem)).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(problem.status).toBe(status);
  expect(problem.title).not.toBe("");
  expect(problem.detail.length).toBeGreaterThan(10);
  expect(problem.requestId).toBe(answer.headers.get("request-id"));
  expect(problem.requestId).toMatch(/^req_/);
  return problem;
}
