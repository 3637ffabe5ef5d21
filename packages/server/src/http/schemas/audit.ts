import { z } from "@hono/zod-openapi";
import { dayOrInstant, instant, listOf, pageQuery } from "./common.ts";

export const auditQuery = pageQuery.extend({
  /** One action, or the part before its point for all of its kind. */
  action: z.string().min(1).max(60).optional(),
  /** A member's, key's or session token's id, or `operator`, `stripe`, `bursar`. */
  actor: z.string().min(1).max(100).optional(),
  /** The id of what was changed. */
  subject: z.string().min(1).max(200).optional(),
  from: dayOrInstant.optional(),
  to: dayOrInstant.optional(),
});

/** What it was, or is: its fields depend on the action. */
const facts = z.record(z.string(), z.unknown()).nullable();

const auditEntry = z
  .object({
    id: z.string(),
    action: z.string(),
    actor: z.object({
      kind: z.enum([
        "member",
        "platform_key",
        "account_key",
        "session_token",
        "operator",
        "stripe",
        "bursar",
      ]),
      id: z.string(),
      /** Of a member, while they are one. */
      name: z.string().nullable(),
    }),
    subject: z.string().nullable(),
    before: facts,
    after: facts,
    requestId: z.string().nullable(),
    createdAt: instant,
  })
  .openapi("AuditEntry");

export const auditList = listOf(auditEntry).openapi("AuditList");
