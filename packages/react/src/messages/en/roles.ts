/** What somebody may be in an account. */
export const rolesWords = { owner: "Owner", admin: "Admin", billing: "Billing", member: "Member" };
