import type { Key, KeyList, ListedKey, Role } from "@bursar/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Ask } from "../frame/ask.tsx";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Failure, Section } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { useFocusBack } from "../frame/use-focus-back.ts";
import { retry, settle, useWrite } from "../hooks.ts";
import { permissionInWords } from "../in-words.ts";
import { intentKey } from "../intents.ts";
import * as queryKeys from "../query-keys.ts";
import { Secret } from "./secret.tsx";
import { keysWords } from "../messages/areas/keys.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { rolesWords } from "../messages/areas/roles.ts";

/** Keys of the account: made, told once, revoked at once. */
export function Keys() {
  const { client, messages } = useBursar(keysWords);
  const words = messages.keys;
  const list = useInfiniteQuery({
    queryKey: queryKeys.keys,
    queryFn: ({ pageParam }) => client.keys.list(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    retry,
  });
  const { data, error, refetch } = list;
  if (data === undefined) {
    return <AwaitedSection heading={words.heading} rows={4} error={error} retry={() => void refetch()} />;
  }
  const first = data.pages[0]!;
  return (
    <>
      <MakeKey can={first.can} />
      <Section heading={words.heading}>
        <LiveKeys keys={data.pages.flatMap((page) => page.data)} />
        <MoreButton list={list} label={words.more} />
      </Section>
      {first.revoked.length === 0 ? null : <RevokedKeys keys={first.revoked} />}
    </>
  );
}

function MakeKey({ can }: { can: KeyList["can"] }) {
  const bursar = useBursar(peopleWords, rolesWords, keysWords);
  const { client, messages } = bursar;
  const words = messages.keys;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [isNameless, setIsNameless] = useState(false);
  const make = useWrite((request: { name: string; role: Role }) =>
    settle(intentKey(`key:${request.role}:${request.name}`), (key) => client.keys.create(request, key)),
  );
  const permission = permissionInWords(can.make, bursar);
  const press = () => {
    setIsNameless(name.trim() === "");
    if (name.trim() === "") return field.current?.focus();
    make.mutate({ name: name.trim(), role }, { onSuccess: () => setName("") });
  };
  return (
    <Section heading={words.make}>
      {make.data === undefined ? null : (
        <Secret sentence={words.made(make.data.name ?? words.unnamed)} secret={make.data.key} />
      )}
      <p className="bursar-muted">{words.about}</p>
      {permission.allowed ? (
        <form className="bursar-invite" onSubmit={(event) => event.preventDefault()}>
          <div className="bursar-invite-field">
            <label htmlFor={`${id}name`}>{words.name}</label>
            <input
              ref={field}
              id={`${id}name`}
              value={name}
              maxLength={100}
              autoComplete="off"
              aria-invalid={isNameless ? true : undefined}
              aria-describedby={`${id}hint`}
              onChange={({ target }) => setName(target.value)}
            />
            <p id={`${id}hint`} className={isNameless ? "bursar-error" : "bursar-muted"}>
              {isNameless ? words.noName : words.nameHint}
            </p>
          </div>
          <div className="bursar-invite-field">
            <label htmlFor={`${id}role`}>{words.role}</label>
            <select id={`${id}role`} value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {can.makeAs.map((each) => (
                <option key={each} value={each}>
                  {messages.roles[each]}
                </option>
              ))}
            </select>
            <p className="bursar-muted">{messages.people.roleMeans[role]}</p>
          </div>
          <p className="bursar-actions">
            <ActionButton
              label={words.create}
              busyLabel={words.making}
              busy={make.isPending}
              permission={permission}
              onPress={press}
              primary
            />
          </p>
          {make.error === null ? null : <Failure error={make.error} />}
        </form>
      ) : (
        <p className="bursar-reason">{permission.reason}</p>
      )}
    </Section>
  );
}

/** A name for who did it: a member's, or what stands behind an id. */
function useWho(): (id: string | null, name: string | null) => string {
  const words = useBursar(keysWords).messages.keys;
  return (id, name) => {
    if (name !== null) return name;
    if (id === null || id === "operator") return words.operator;
    return id.startsWith("mem_") ? words.left : words.product;
  };
}

function LiveKeys({ keys }: { keys: ListedKey[] }) {
  const { messages } = useBursar(keysWords);
  const words = messages.keys;
  const [asked, setAsked] = useState<string | null>(null);
  const [gone, setGone] = useState<string | null>(null);
  return (
    <>
      <News sentence={gone === null ? null : words.revoked(gone)} />
      {keys.length === 0 ? (
        <p className="bursar-muted">{words.empty}</p>
      ) : (
        <ul className="bursar-people">
          {keys.map((key) => (
            <Row
              key={key.id}
              listed={key}
              isAsked={asked === key.id}
              ask={(isAsked) => {
                setGone(null);
                setAsked(isAsked ? key.id : null);
              }}
              onGone={() => {
                setAsked(null);
                setGone(key.name ?? words.unnamed);
              }}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function Facts({ shown, more }: { shown: Key; more?: string }) {
  const { messages, format } = useBursar(rolesWords, keysWords);
  const words = messages.keys;
  const who = useWho();
  const { name, role, hint, createdBy, createdByName, createdAt, lastUsedAt } = shown;
  const used = lastUsedAt === null ? words.never : words.used(format.moment(lastUsedAt));
  return (
    <div className="bursar-person">
      <p className="bursar-person-name">
        <strong>{name ?? words.unnamed}</strong>
        <code className="bursar-muted">{hint}</code>
      </p>
      <p className="bursar-muted">
        {[
          messages.roles[role],
          words.since(format.date(createdAt), who(createdBy, createdByName)),
          used,
          ...(more === undefined ? [] : [more]),
        ].join(" \u00b7 ")}
      </p>
    </div>
  );
}

interface RowProps {
  listed: ListedKey;
  isAsked: boolean;
  ask: (isAsked: boolean) => void;
  onGone: () => void;
}

function Row({ listed, isAsked, ask, onGone }: RowProps) {
  const bursar = useBursar(keysWords);
  const words = bursar.messages.keys;
  const name = listed.name ?? words.unnamed;
  const permission = permissionInWords(listed.can.revoke, bursar);
  const revoke = useWrite((id: string) => bursar.client.keys.revoke(id), { onSuccess: onGone });
  const asker = useFocusBack(isAsked);
  return (
    <li>
      <Facts shown={listed} />
      {permission.allowed && !isAsked ? (
        <button
          ref={asker}
          type="button"
          className="bursar-button is-quiet"
          aria-label={words.revokeNamed(name)}
          onClick={() => ask(true)}
        >
          {words.revoke}
        </button>
      ) : null}
      {isAsked ? (
        <Ask
          means={words.revokeMeans(name)}
          keep={words.keep}
          onKeep={() => ask(false)}
          failure={revoke.error === null ? null : <Failure error={revoke.error} />}
        >
          <ActionButton
            label={words.revokeNamed(name)}
            busyLabel={words.revoking}
            busy={revoke.isPending}
            permission={permission}
            onPress={() => revoke.mutate(listed.id)}
          />
        </Ask>
      ) : null}
    </li>
  );
}

function RevokedKeys({ keys }: { keys: KeyList["revoked"] }) {
  const { messages, format } = useBursar(keysWords);
  const words = messages.keys;
  const who = useWho();
  return (
    <Section heading={words.revokedHeading}>
      <ul className="bursar-people">
        {keys.map((key) => (
          <li key={key.id}>
            <Facts
              shown={key}
              more={words.revokedOn(format.date(key.revokedAt), who(key.revokedBy, key.revokedByName))}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
