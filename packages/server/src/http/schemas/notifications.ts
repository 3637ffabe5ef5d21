import { z } from "@hono/zod-openapi";

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
  })
  .openapi("Notifications");

/** What is not named stays as it is. */
export const notificationsRequest = z.strictObject({
  mail: z.partialRecord(category, z.boolean()).default({}),
  meters: z.record(z.string().max(40), z.boolean()).default({}),
});
