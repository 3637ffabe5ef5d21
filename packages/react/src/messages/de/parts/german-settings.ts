/** The settings beside Billing. */
export { accountWords as account } from "../account.ts";
export { keysWords as keys } from "../keys.ts";
export { webhooksWords as webhooks } from "../webhooks.ts";
export { notificationsWords as notifications } from "../notifications.ts";
