import type { MemberList, Overview, Person } from "@bursar/client";
import { useEffect, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useRemovePerson } from "./use-people.ts";

/** Who holds a seat and since when; one row at a time asks whether its person shall go. */
export function PeopleList({ people, overview }: { people: MemberList; overview: Overview }) {
  const { messages, format } = useBursar();
  const words = messages.people;
  const [asked, setAsked] = useState<string | null>(null);
  const [gone, setGone] = useState<string | null>(null);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (gone !== null) said.current?.focus();
  }, [gone]);
  const { data, seats } = people;
  return (
    <>
      {gone === null ? null : (
        <p ref={said} tabIndex={-1} className="bursar-done">
          {gone}
        </p>
      )}
      <ul className="bursar-people">
        {data.map((person) => (
          <Row
            key={person.id}
            person={person}
            isViewer={overview.viewer.email === person.email}
            isAsked={asked === person.id}
            ask={(isAsked) => {
              setGone(null);
              setAsked(isAsked ? person.id : null);
            }}
            onGone={() => {
              setAsked(null);
              setGone(
                person.kind === "member" ? words.removed(nameOf(person)) : words.withdrawn(nameOf(person)),
              );
            }}
          />
        ))}
      </ul>
      {data.length < seats.used ? (
        <p className="bursar-muted">{words.more(format.count(seats.used - data.length))}</p>
      ) : null}
    </>
  );
}

const nameOf = ({ name, email }: Person): string => name ?? email;

interface RowProps {
  person: Person;
  isViewer: boolean;
  isAsked: boolean;
  ask: (isAsked: boolean) => void;
  onGone: () => void;
}

function Row({ person, isViewer, isAsked, ask, onGone }: RowProps) {
  const { messages, format } = useBursar();
  const words = messages.people;
  const { kind, name, email, role, createdAt, expiresAt, active, can } = person;
  const isMember = kind === "member";
  return (
    <li>
      <div className="bursar-person">
        <p className="bursar-person-name">
          <strong>{nameOf(person)}</strong>
          {isViewer ? <span className="bursar-tag">{words.you}</span> : null}
          {isMember ? null : <span className="bursar-tag">{words.isInvited}</span>}
          {name === null ? null : <span className="bursar-muted">{email}</span>}
        </p>
        <p className="bursar-muted">
          {words.roles[role]}
          {isMember && !active ? `, ${words.readsOnly}` : ""}
          {" \u00b7 "}
          <time dateTime={createdAt}>
            {isMember || expiresAt === null
              ? words.since(format.date(createdAt))
              : words.open(format.date(createdAt), format.date(expiresAt))}
          </time>
        </p>
      </div>
      {can.remove.allowed && !isAsked ? (
        <button
          type="button"
          className="bursar-button is-quiet"
          aria-label={(isMember ? words.removeNamed : words.withdrawNamed)(nameOf(person))}
          onClick={() => ask(true)}
        >
          {isMember ? words.remove : words.withdraw}
        </button>
      ) : null}
      {isAsked ? <Ask {...{ person, isViewer, onGone }} keep={() => ask(false)} /> : null}
    </li>
  );
}

/** What it means, before it is done; the way back weighs the same. */
function Ask({
  person,
  isViewer,
  onGone,
  keep,
}: {
  person: Person;
  isViewer: boolean;
  onGone: () => void;
  keep: () => void;
}) {
  const { messages } = useBursar();
  const words = messages.people;
  const remove = useRemovePerson(onGone);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  const isMember = person.kind === "member";
  const name = nameOf(person);
  const means = isMember
    ? isViewer
      ? words.leaveMeans
      : words.removeMeans(name)
    : words.withdrawMeans(name);
  return (
    <div className="bursar-ask">
      <p ref={text} tabIndex={-1}>
        {means}
      </p>
      <p className="bursar-actions">
        <ActionButton
          label={isMember ? words.removeNamed(name) : words.withdrawInvitation}
          busyLabel={isMember ? words.removing : words.withdrawing}
          busy={remove.isPending}
          permission={person.can.remove}
          onPress={() => remove.mutate(person.id)}
        />
        <button type="button" className="bursar-button" onClick={keep}>
          {isMember ? words.keep : words.keepInvitation}
        </button>
      </p>
      {remove.error === null ? null : <WriteFailure error={remove.error} />}
    </div>
  );
}
