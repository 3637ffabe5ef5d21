import type { Person, Role } from "@bursar/client";
import { useEffect, useId, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { useChangeRole } from "./use-people.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { rolesWords } from "../messages/areas/roles.ts";

/** Another role: chosen, with what it means, then saved; a select alone would change it at each press of an arrow key. */
export function ChangeRole({
  person,
  isViewer,
  onDone,
  keep,
}: {
  person: Person;
  isViewer: boolean;
  onDone: (role: Role) => void;
  keep: () => void;
}) {
  const { messages } = useBursar(peopleWords, rolesWords);
  const words = messages.people;
  const id = useId();
  const field = useRef<HTMLSelectElement>(null);
  const [role, setRole] = useState(person.role);
  const change = useChangeRole(() => onDone(role));
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="bursar-ask">
      <div className="bursar-field">
        <label htmlFor={id}>{words.roleOf(person.name ?? person.email)}</label>
        <select ref={field} id={id} value={role} onChange={({ target }) => setRole(target.value as Role)}>
          {person.can.becomes.map((each) => (
            <option key={each} value={each}>
              {messages.roles[each]}
            </option>
          ))}
        </select>
        <p className="bursar-muted">
          {words.roleMeans[role]} {isViewer && role !== person.role ? words.ownRoleMeans : ""}
        </p>
      </div>
      <p className="bursar-actions">
        <ActionButton
          label={words.saveRole}
          busyLabel={words.savingRole}
          busy={change.isPending}
          permission={{ allowed: true }}
          onPress={() => change.mutate({ id: person.id, role })}
          primary
        />
        <button type="button" className="bursar-button" onClick={keep}>
          {words.keepRole}
        </button>
      </p>
      {change.error === null ? null : <Failure error={change.error} />}
    </div>
  );
}
