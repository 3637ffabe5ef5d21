import type { Permission } from "@bursar/client";
import type { Told } from "./told.ts";

/** A permission of the server in the words of another language. */
export function permissionIn(told: Told, permission: Permission): Permission {
  return permission.allowed
    ? permission
    : { ...permission, reason: told.reason(permission) ?? permission.reason };
}

export const nameIn = (told: Told, name: string): string =>
  Object.hasOwn(told.names, name) ? told.names[name]! : name;
