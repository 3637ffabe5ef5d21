import type { Role } from "../accounts/roles.ts";

/**
 * Who may invite and remove whom (B2): an owner everybody, an admin all but owners, so that nobody makes themselves
 * one; billing and member read.
 */
export function mayManage(actor: Role, target: Role): boolean {
  return actor === "owner" || (actor === "admin" && target !== "owner");
}
