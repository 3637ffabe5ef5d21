import type { MemberList } from "@bursar/client";
import { permissionIn, type Bursar } from "../in-words.ts";

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
