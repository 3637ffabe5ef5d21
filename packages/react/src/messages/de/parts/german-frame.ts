/** What the first screen needs, in one file. */
export { planWords as plan } from "../plan.ts";
export { paymentWords as payment } from "../plan.ts";
export { usageWords as usage } from "../usage.ts";
export { balanceWords as balance } from "../balance.ts";
export { exportWords as export } from "../export.ts";
export { rolesWords as roles } from "../roles.ts";
export { settingsWords as settings } from "../settings.ts";
export { germanFrame as frame } from "../frame.ts";
