import { expect, it } from "vitest";
import { judge } from "../../scripts/audit.ts";

it.each([
  [
    "a registry that refuses the question",
    '{"message":"405 Method Not Allowed","error":{"summary":"","detail":""}}',
    2,
  ],
  ["no answer at all", "", 2],
  ["a report without its counts", "{}", 2],
  ["no hole", '{"vulnerabilities":{},"metadata":{"vulnerabilities":{"high":0,"total":0}}}', 0],
  ["a hole", '{"vulnerabilities":{"hono":{}},"metadata":{"vulnerabilities":{"high":1,"total":1}}}', 1],
])("npm run audit takes %s for what it is", (_name, answer, status) => {
  const verdict = judge(answer);
  expect(verdict.status).toBe(status);
  expect(verdict.sentence).toMatch([/no hole/, /1 known holes \(1 high\): hono/, /^NOT CHECKED/][status]!);
});
