import {
  ProblemError,
  type MemberList,
  type Overview,
  type Permission,
  type PlanOffer,
  type Preview,
} from "@bursar/client";
import type { Format } from "./format/create-format.ts";
import type { Messages } from "./messages/english.ts";
import type { Told } from "./messages/told.ts";

/*
 * Answers of the server with its English sentences replaced by those of the page's language, where that has any. It is done
 * once, where an answer comes in, so that no part of the page has to know where a sentence is from.
 */

export interface Bursar {
  messages: Messages;
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
    can: mapped(overview.can, (permission) => permissionIn(told, permission)),
  };
}

export function plansInWords<Plans extends { data: PlanOffer[] }>(
  plans: Plans,
  { messages: { told } }: Bursar,
): Plans {
  if (told === null) return plans;
  const data = plans.data.map((offer) => ({
    ...offer,
    limits: offer.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) })),
  }));
  return { ...plans, data };
}

export function previewInWords(preview: Preview, { messages: { told }, format }: Bursar): Preview {
  if (told === null) return preview;
  const { dueToday, later, losses } = preview;
  const lines = dueToday.lines.map((line) => ({
    ...line,
    description: told.line(line, format) ?? line.description,
  }));
  const limits = losses.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) }));
  return {
    ...preview,
    dueToday: { ...dueToday, lines },
    later: later === null ? null : { ...later, description: told.later(later, format) },
    loses: told.loses({ ...preview, losses: { ...losses, limits } }, format),
  };
}

export function peopleInWords(people: MemberList, { messages: { told } }: Bursar): MemberList {
  if (told === null) return people;
  const data = people.data.map((person) => ({
    ...person,
    can: {
      ...person.can,
      remove: permissionIn(told, person.can.remove),
      resend: permissionIn(told, person.can.resend),
    },
  }));
  const changeMembers = permissionIn(told, people.can.changeMembers);
  return { ...people, data, can: { ...people.can, changeMembers } };
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

function permissionIn(told: Told, permission: Permission): Permission {
  return permission.allowed
    ? permission
    : { ...permission, reason: told.reason(permission) ?? permission.reason };
}

const nameIn = (told: Told, name: string): string =>
  Object.hasOwn(told.names, name) ? told.names[name]! : name;

function mapped<Key extends string, Value>(
  record: Record<Key, Value>,
  change: (value: Value) => Value,
): Record<Key, Value> {
  return Object.fromEntries(
    Object.entries<Value>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<Key, Value>;
}
