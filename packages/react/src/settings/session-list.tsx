import type { Session } from "@bursar/client";
import { useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Failure, Section } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { useWrite } from "../hooks.ts";
import { useSessions } from "./use-me.ts";
import { accountWords } from "../messages/areas/account.ts";

/** Browsers that are signed in as this person, each with a way to end it. This one is ended by signing out. */
export function SessionList() {
  const { messages } = useBursar(accountWords);
  const words = messages.account;
  const { data, error, refetch } = useSessions();
  const [ended, setEnded] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  if (data === undefined) {
    return <AwaitedSection heading={words.sessions} rows={3} error={error} retry={() => void refetch()} />;
  }
  return (
    <Section heading={words.sessions}>
      <News sentence={ended} pressed={list} />
      <ul ref={list} className="bursar-people">
        {data.data.map((session) => (
          <Row key={session.id} session={session} onEnded={setEnded} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ session, onEnded }: { session: Session; onEnded: (sentence: string) => void }) {
  const { client, messages, format } = useBursar(accountWords);
  const words = messages.account;
  const { id, account, createdAt, lastUsedAt, current } = session;
  const device = session.device ?? words.unknownDevice;
  const since = format.moment(createdAt);
  const end = useWrite(() => client.auth.endSession(id), { onSuccess: () => onEnded(words.ended(device)) });
  return (
    <li>
      <div className="bursar-person">
        <p className="bursar-person-name">
          <strong>{device}</strong>
          {current ? <span className="bursar-tag">{words.thisBrowser}</span> : null}
        </p>
        <p className="bursar-muted">
          {words.sessionOf(account.name, since)}
          {lastUsedAt === null || current ? "" : ` \u00b7 ${words.lastUsed(format.moment(lastUsedAt))}`}
        </p>
      </div>
      {current ? null : (
        <div className="bursar-person-deeds">
          <button
            type="button"
            className="bursar-button is-quiet"
            aria-label={words.endNamed(device, since)}
            aria-disabled={end.isPending ? "true" : undefined}
            onClick={end.isPending ? undefined : () => end.mutate(undefined)}
          >
            {end.isPending ? words.ending : words.end}
          </button>
        </div>
      )}
      {end.error === null ? null : <Failure error={end.error} />}
    </li>
  );
}
