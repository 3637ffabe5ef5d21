import type { MemberList, Overview, Person } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Ask } from "../frame/ask.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { useFocusBack } from "../frame/use-focus-back.ts";
import { ChangeRole } from "./change-role.tsx";
import { useRemovePerson, useResendInvitation } from "./use-people.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { rolesWords } from "../messages/areas/roles.ts";

interface Asked {
  id: string;
  about: "removal" | "role";
}

/**
 * Who holds a seat and since when; one row at a time asks whether its person shall go, or what they shall be.
 * @param withRoles whether roles are changed here and invitations sent again: on the screen of the members
 */
export function PeopleList({
  people,
  overview,
  withRoles = false,
}: {
  people: MemberList;
  overview: Overview;
  withRoles?: boolean;
}) {
  const { messages, format } = useBursar(peopleWords);
  const words = messages.people;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [news, setNews] = useState<string | null>(null);
  const { data, seats } = people;
  return (
    <>
      <News sentence={news} />
      <ul className="bursar-people">
        {data.map((person) => (
          <Row
            key={person.id}
            {...{ person, withRoles }}
            isViewer={overview.viewer.email === person.email}
            asked={asked?.id === person.id ? asked.about : null}
            ask={(about) => {
              setNews(null);
              setAsked(about === null ? null : { id: person.id, about });
            }}
            tell={(sentence) => {
              setAsked(null);
              setNews(sentence);
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
  withRoles: boolean;
  isViewer: boolean;
  asked: Asked["about"] | null;
  ask: (about: Asked["about"] | null) => void;
  tell: (news: string) => void;
}

function Row({ person, withRoles, isViewer, asked, ask, tell }: RowProps) {
  const { messages, format } = useBursar(peopleWords, rolesWords);
  const words = messages.people;
  const { kind, name, email, role, createdAt, expiresAt, active, can } = person;
  const isMember = kind === "member";
  const reason = withRoles ? can.becomesReason : undefined;
  const remover = useFocusBack(asked === "removal");
  const changer = useFocusBack(asked === "role");
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
          {messages.roles[role]}
          {isMember && !active ? `, ${words.readsOnly}` : ""}
          {" \u00b7 "}
          <time dateTime={createdAt}>
            {isMember || expiresAt === null
              ? words.since(format.date(createdAt))
              : words.open(format.date(createdAt), format.date(expiresAt))}
          </time>
        </p>
        {reason === undefined ? null : <p className="bursar-reason">{reason}</p>}
      </div>
      {asked === null ? (
        <div className="bursar-person-deeds">
          {withRoles && can.becomes.length > 0 ? (
            <button
              ref={changer}
              type="button"
              className="bursar-button is-quiet"
              aria-label={words.changeRoleNamed(nameOf(person))}
              onClick={() => ask("role")}
            >
              {words.changeRole}
            </button>
          ) : null}
          {withRoles && can.resend.allowed ? <Resend {...{ person, tell }} /> : null}
          {can.remove.allowed ? (
            <button
              ref={remover}
              type="button"
              className="bursar-button is-quiet"
              aria-label={(isMember ? words.removeNamed : words.withdrawNamed)(nameOf(person))}
              onClick={() => ask("removal")}
            >
              {isMember ? words.remove : words.withdraw}
            </button>
          ) : null}
        </div>
      ) : null}
      {asked === "removal" ? (
        <AskToGo
          {...{ person, isViewer }}
          onGone={() => tell((isMember ? words.removed : words.withdrawn)(nameOf(person)))}
          keep={() => ask(null)}
        />
      ) : null}
      {asked === "role" ? (
        <ChangeRole
          {...{ person, isViewer }}
          onDone={(to) => tell(words.roleChanged(nameOf(person), messages.roles[to]))}
          keep={() => ask(null)}
        />
      ) : null}
    </li>
  );
}

function Resend({ person, tell }: { person: Person; tell: (news: string) => void }) {
  const { messages, format } = useBursar(peopleWords);
  const words = messages.people;
  const resend = useResendInvitation();
  const press = () =>
    resend.mutate(person.id, {
      onSuccess: ({ expiresAt }) => tell(words.resent(nameOf(person), format.date(expiresAt))),
    });
  return (
    <>
      <button
        type="button"
        className="bursar-button is-quiet"
        aria-label={words.resendNamed(nameOf(person))}
        aria-disabled={resend.isPending ? "true" : undefined}
        onClick={resend.isPending ? undefined : press}
      >
        {resend.isPending ? words.resending : words.resend}
      </button>
      {resend.error === null ? null : <WriteFailure error={resend.error} />}
    </>
  );
}

function AskToGo({
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
  const { messages } = useBursar(peopleWords);
  const words = messages.people;
  const remove = useRemovePerson(onGone);
  const isMember = person.kind === "member";
  const name = nameOf(person);
  const means = isMember
    ? isViewer
      ? words.leaveMeans
      : words.removeMeans(name)
    : words.withdrawMeans(name);
  return (
    <Ask
      means={means}
      keep={isMember ? words.keep : words.keepInvitation}
      onKeep={keep}
      failure={remove.error === null ? null : <WriteFailure error={remove.error} />}
    >
      <ActionButton
        label={isMember ? words.removeNamed(name) : words.withdrawInvitation}
        busyLabel={isMember ? words.removing : words.withdrawing}
        busy={remove.isPending}
        permission={person.can.remove}
        onPress={() => remove.mutate(person.id)}
      />
    </Ask>
  );
}
