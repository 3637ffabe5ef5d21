import type { Messages } from "../english.ts";

/** What somebody may be in an account. */
export const rolesWords: Messages["roles"] = {
  owner: "Inhaber",
  admin: "Admin",
  billing: "Abrechnung",
  member: "Mitglied",
};
