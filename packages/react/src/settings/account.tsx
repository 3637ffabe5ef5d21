import type { Me } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { useWrite } from "../hooks.ts";
import { DoorForm } from "../sign-in/door.tsx";
import { Field } from "../sign-in/field.tsx";
import { SessionList } from "./session-list.tsx";
import { useMe } from "./use-me.ts";
import { accountWords } from "../messages/areas/account.ts";
import { signInWords } from "../messages/areas/sign-in.ts";

/** The person who is signed in: name, address, password, and where else they are signed in. */
export function Account() {
  const { messages } = useBursar(accountWords);
  const { you } = messages.account;
  const { data: me, error, refetch } = useMe();
  if (me !== undefined) return <OfPerson person={me.person} />;
  return <AwaitedSection heading={you} rows={5} error={error} retry={() => void refetch()} />;
}

function OfPerson({ person }: { person: Me["person"] }) {
  const { messages } = useBursar(accountWords);
  const words = messages.account;
  if (person === null) {
    return (
      <Section heading={words.you}>
        <p>{words.ofProduct}</p>
      </Section>
    );
  }
  return (
    <>
      <Name person={person} />
      <Email person={person} />
      <Password key={String(person.hasPassword)} person={person} />
      <SessionList />
    </>
  );
}

type Person = NonNullable<Me["person"]>;

function Name({ person }: { person: Person }) {
  const { client, messages } = useBursar(accountWords);
  const words = messages.account;
  const save = useWrite((name: string) => client.auth.rename({ name }));
  return (
    <Section heading={words.you}>
      <DoorForm
        quiet
        submit={words.saveName}
        busy={words.saving}
        isBusy={save.isPending}
        error={save.error}
        onSend={({ name = "" }) => save.mutate(name.trim())}
      >
        <Field
          label={words.name}
          name="name"
          autoComplete="name"
          defaultValue={person.name}
          error={save.error}
        />
      </DoorForm>
      <News sentence={save.isSuccess ? words.nameSaved : null} />
    </Section>
  );
}

function Email({ person }: { person: Person }) {
  const { client, messages } = useBursar(accountWords);
  const words = messages.account;
  const change = useWrite((request: { email: string; password: string }) => client.auth.changeEmail(request));
  return (
    <Section heading={words.email}>
      <p className="bursar-lead">{words.emailNow(person.email)}</p>
      {person.hasPassword ? (
        <DoorForm
          quiet
          submit={words.changeEmail}
          busy={words.saving}
          isBusy={change.isPending}
          error={change.error}
          onSend={({ email = "", password = "" }) => change.mutate({ email: email.trim(), password })}
        >
          <Field label={words.newEmail} name="email" type="email" autoComplete="email" error={change.error} />
          <Field
            label={words.yourPassword}
            name="password"
            type="password"
            autoComplete="current-password"
            error={change.error}
          />
        </DoorForm>
      ) : (
        <p className="bursar-muted">{words.emailNeedsPassword}</p>
      )}
      <News sentence={change.isSuccess ? words.emailAsked(change.variables.email) : null} />
    </Section>
  );
}

function Password({ person }: { person: Person }) {
  const { client, messages } = useBursar(accountWords, signInWords);
  const words = messages.account;
  // A saved password empties the fields.
  const [saved, setSaved] = useState(0);
  const change = useWrite(
    (request: { currentPassword: string; password: string }) => client.auth.changePassword(request),
    { onSuccess: () => setSaved((count) => count + 1) },
  );
  if (!person.hasPassword) {
    return (
      <Section heading={words.password}>
        <p className="bursar-lead">{words.noPassword}</p>
        <p>
          <a href="/forgot-password">{words.setPassword}</a>
        </p>
      </Section>
    );
  }
  return (
    <Section heading={words.password}>
      <p className="bursar-lead">{words.othersOut}</p>
      <DoorForm
        quiet
        key={saved}
        submit={words.changePassword}
        busy={words.saving}
        isBusy={change.isPending}
        error={change.error}
        onSend={({ currentPassword = "", password = "" }) => change.mutate({ currentPassword, password })}
      >
        <Field
          label={words.currentPassword}
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          error={change.error}
        />
        <Field
          label={words.newPassword}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={messages.signIn.passwordHint}
          error={change.error}
        />
      </DoorForm>
      <News sentence={change.isSuccess ? words.passwordSaved : null} />
    </Section>
  );
}
