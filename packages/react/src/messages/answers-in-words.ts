import type {
  BillingAction,
  MemberList,
  Overview,
  Permission,
  Person,
  PlanOffer,
  Preview,
} from "@bursar/client";
import type { Format } from "../format/create-format.ts";
import { nameIn, permissionIn } from "./told-words.ts";
import type { Told } from "./told.ts";

/*
 * Answers of the server with its English sentences replaced by those of another language, where that has any. A language
 * brings them along as `told.answers`, so that who reads English does not load them.
 */

function overview(answer: Overview, told: Told, format: Format): Overview {
  return {
    ...answer,
    usage: mapped(answer.usage, (meter) => ({
      ...meter,
      name: nameIn(told, meter.name),
      limitSentence: told.atLimit[meter.atLimit] ?? meter.limitSentence,
    })),
    notices: answer.notices.map((notice) => {
      const { facts, action } = notice;
      const label = action === null ? null : told.action(action.kind, facts, format);
      return {
        ...notice,
        ...told.notice(facts, format),
        action: action === null ? null : { ...action, label: label ?? action.label },
      };
    }),
    can: {
      ...mapped<BillingAction, Permission>(answer.can, (permission) => permissionIn(told, permission)),
      withdraw: { ...answer.can.withdraw, ...permissionIn(told, answer.can.withdraw) },
    },
  };
}

function mapped<Key extends string, Value>(
  record: Record<Key, Value>,
  change: (value: Value) => Value,
): Record<Key, Value> {
  return Object.fromEntries(
    Object.entries<Value>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<Key, Value>;
}

function plans<Plans extends { data: PlanOffer[] }>(answer: Plans, told: Told): Plans {
  const data = answer.data.map((offer) => ({
    ...offer,
    limits: offer.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) })),
  }));
  return { ...answer, data };
}

function preview(answer: Preview, told: Told, format: Format): Preview {
  const { dueToday, later, losses } = answer;
  const lines = dueToday.lines.map((line) => ({
    ...line,
    description: told.line(line, format) ?? line.description,
  }));
  const limits = losses.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) }));
  return {
    ...answer,
    dueToday: { ...dueToday, lines },
    later: later === null ? null : { ...later, description: told.later(later, format) },
    loses: told.loses({ ...answer, losses: { ...losses, limits } }, format),
  };
}

function people(answer: MemberList, told: Told): MemberList {
  const data = answer.data.map((person) => ({
    ...person,
    can: {
      ...person.can,
      ...(person.can.becomesReason === undefined ? {} : { becomesReason: onlyOwner(person, told) }),
      remove: permissionIn(told, person.can.remove),
      resend: permissionIn(told, person.can.resend),
    },
  }));
  const changeMembers = permissionIn(told, answer.can.changeMembers);
  return { ...answer, data, can: { ...answer.can, changeMembers } };
}

/** The one reason why a member's role cannot be changed that is told: the account would have no owner. */
const onlyOwner = ({ name, email, can }: Person, told: Told): string | undefined =>
  told.reason({ allowed: false, code: "last_owner", names: [name ?? email] }) ?? can.becomesReason;

export const answersInWords = { overview, plans, preview, people };
