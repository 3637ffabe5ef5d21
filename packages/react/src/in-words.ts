import { ProblemError, type BillingAction, type Overview, type Permission } from "@bursar/client";
import type { Format } from "./format/create-format.ts";
import type { FrameMessages } from "./messages/en/frame.ts";
import type { Told } from "./messages/told.ts";

/*
 * Answers of the server with its English sentences replaced by those of the page's language, where that has any. It is done
 * once, where an answer comes in, so that no part of the page has to know where a sentence is from.
 */

export interface Bursar {
  messages: FrameMessages;
  format: Format;
}

export function overviewInWords(overview: Overview, { messages: { told }, format }: Bursar): Overview {
  if (told === null) return overview;
  return {
    ...overview,
    usage: mapped(overview.usage, (meter) => ({
      ...meter,
      name: nameIn(told, meter.name),
      limitSentence: told.atLimit[meter.atLimit] ?? meter.limitSentence,
    })),
    notices: overview.notices.map((notice) => {
      const { facts, action } = notice;
      const label = action === null ? null : told.action(action.kind, facts, format);
      return {
        ...notice,
        ...told.notice(facts, format),
        action: action === null ? null : { ...action, label: label ?? action.label },
      };
    }),
    can: {
      ...mapped<BillingAction, Permission>(overview.can, (permission) => permissionIn(told, permission)),
      withdraw: { ...overview.can.withdraw, ...permissionIn(told, overview.can.withdraw) },
    },
  };
}

/** What went wrong: the server's answer, or that there was none. */
export function errorInWords(error: Error, { messages, format }: Bursar): string {
  if (!(error instanceof ProblemError)) return messages.state.unreachable;
  const { problem } = error;
  return messages.told?.problem(problem, format) ?? problem.detail;
}

/** A permission that comes by itself, not within an answer above. */
export const permissionInWords = (permission: Permission, { messages: { told } }: Bursar): Permission =>
  told === null ? permission : permissionIn(told, permission);

export function permissionIn(told: Told, permission: Permission): Permission {
  return permission.allowed
    ? permission
    : { ...permission, reason: told.reason(permission) ?? permission.reason };
}

export const nameIn = (told: Told, name: string): string =>
  Object.hasOwn(told.names, name) ? told.names[name]! : name;

function mapped<Key extends string, Value>(
  record: Record<Key, Value>,
  change: (value: Value) => Value,
): Record<Key, Value> {
  return Object.fromEntries(
    Object.entries<Value>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<Key, Value>;
}
