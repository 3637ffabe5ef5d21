import { z } from "@hono/zod-openapi";
import { instant } from "./common.ts";

const category = z.enum(["usage", "plan", "credits", "payments", "security"]);

export const notifications = z
  .object({
    data: z.array(
      z.object({
        category,
        name: z.string(),
        description: z.string(),
        mail: z.boolean(),
        /** It cannot be turned off: an owner hears of money and security. */
        required: z.boolean(),
      }),
    ),
    /** Usage alerts meter by meter; they are mailed only while the category `usage` is. */
    meters: z.array(z.object({ meter: z.string(), name: z.string(), mail: z.boolean() })),
    /** Where mails to you go. */
    email: z.string(),
    /** `letter_box`: the demo keeps them at `/demo/mail`; `none`: no mail server is set, so nobody is mailed. */
    sending: z.enum(["smtp", "letter_box", "none"]),
  })
  .openapi("Notifications");

/** What is not named stays as it is. */
export const notificationsRequest = z.strictObject({
  mail: z.partialRecord(category, z.boolean()).default({}),
  meters: z.record(z.string().max(40), z.boolean()).default({}),
});

export const sentMail = z
  .object({
    id: z.string(),
    subject: z.string(),
    to: z.string(),
    /** `due`: it waits, or is tried again; `sent`: the mail server took it. */
    state: z.enum(["due", "sent", "failed"]),
    createdAt: instant,
    sentAt: instant.nullable(),
    nextTryAt: instant.nullable(),
    error: z.string().nullable(),
  })
  .openapi("SentMail");

/** Handed over to the mail server; `error` says why not. */
export const testMail = z
  .object({ sent: z.boolean(), to: z.string(), error: z.string().nullable() })
  .openapi("TestMail");
