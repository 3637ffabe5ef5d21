/* The audit log: every change of money, plan, role and key says who, when, and from what to what. */
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AUDIT_ACTIONS } from "../../packages/server/src/audit/actions.ts";
import { databases, startService, type RunningService } from "./service.ts";

it("docs/audit.md has every action with its sentence, and no other", () => {
  const text = readFileSync(new URL("../../docs/audit.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `([\w.]+)`\s*\| (.*?)\s*\|$/gm)].map(([, action, about]) => [
    action,
    about,
  ]);
  expect(Object.fromEntries(rows)).toEqual(AUDIT_ACTIONS);
});

describe.each([databases[0]!, databases[1]!])("the audit log on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  it("nothing in it can be changed or removed by the service", async () => {
    const { kysely } = running.database;
    const account = await running.newAccount();
    await account.call("POST", "/api/keys", { name: "robot", role: "member" });
    for (const statement of [
      "update audit_log set actor = 'x'",
      "delete from audit_log",
      "truncate audit_log",
    ]) {
      await expect(sql.raw(statement).execute(kysely)).rejects.toThrow("permission denied");
    }
  });
});
