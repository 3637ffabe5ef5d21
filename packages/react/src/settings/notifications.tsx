import type { NotificationCategory, Notifications as Answer, SentMail } from "@bursar/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Failure, Section } from "../frame/section.tsx";
import { Said } from "../frame/voice.tsx";
import { retry, useOverview, useWrite } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";
import { notificationsWords } from "../messages/areas/notifications.ts";

/** Where mails go, which of them, and the last ones. */
export function Notifications() {
  const { client, messages } = useBursar(notificationsWords);
  const words = messages.notifications;
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.notifications,
    queryFn: client.notifications.read,
    retry,
  });
  if (data === undefined) {
    return <AwaitedSection heading={words.what} rows={5} error={error} retry={() => void refetch()} />;
  }
  return (
    <>
      <Where answer={data} />
      <What answer={data} />
      <LastMails />
    </>
  );
}

function Where({ answer }: { answer: Answer }) {
  const { client, messages } = useBursar(notificationsWords);
  const words = messages.notifications;
  const { data: overview } = useOverview();
  const test = useWrite(() => client.notifications.sendTest());
  return (
    <Section heading={words.where}>
      <div className="bursar-facts">
        <p>{words.goTo(answer.email)}</p>
        {overview === undefined ? null : <p>{words.billingAddress(overview.account.email)}</p>}
        <p className="bursar-muted">
          {words.sending[answer.sending]}{" "}
          {answer.sending === "letter_box" ? <a href="/demo/mail">{words.letterBox}</a> : null}
        </p>
      </div>
      {answer.sending === "none" ? null : (
        <p className="bursar-actions">
          <ActionButton
            label={words.test}
            busyLabel={words.testing}
            busy={test.isPending}
            permission={{ allowed: true }}
            onPress={() => test.mutate(undefined)}
          />
        </p>
      )}
      {test.data === undefined || test.isPending ? null : test.data.error === null ? (
        <Said>{words.tested(test.data.to)}</Said>
      ) : (
        <p role="alert">{words.testFailed(test.data.error)}</p>
      )}
      {test.error === null || test.isPending ? null : <Failure error={test.error} />}
    </Section>
  );
}

interface Wishes {
  mail?: Partial<Record<NotificationCategory, boolean>>;
  meters?: Record<string, boolean>;
}

/** Each wish is saved as it is made; what stands is what the server has. */
function What({ answer }: { answer: Answer }) {
  const { client, messages } = useBursar(notificationsWords);
  const words = messages.notifications;
  const save = useWrite((wishes: Wishes) => client.notifications.save(wishes));
  // A newer server may mail about more than this page has words for; then its own stand here.
  const inWords = (category: string) => new Map(Object.entries(words.categories)).get(category);
  const isUsageOn = answer.data.some(({ category, mail }) => category === "usage" && mail);
  const wish = (wishes: Wishes) => {
    if (!save.isPending) save.mutate(wishes);
  };
  return (
    <Section heading={words.what} busy={save.isPending}>
      <div className="bursar-checks">
        {answer.data.map(({ category, name, description, mail, required }) => (
          <Check
            key={category}
            label={inWords(category)?.name ?? name}
            about={`${inWords(category)?.about ?? description}${required ? ` ${words.required}` : ""}`}
            isOn={mail}
            isFixed={required}
            onChange={(isOn) => wish({ mail: { [category]: isOn } })}
          />
        ))}
      </div>
      <fieldset className="bursar-checks">
        <legend>{words.meters}</legend>
        {isUsageOn ? null : <p className="bursar-muted">{words.metersOff}</p>}
        {answer.meters.map(({ meter, name, mail }) => (
          <Check
            key={meter}
            label={messages.told?.names[name] ?? name}
            isOn={mail}
            isFixed={!isUsageOn}
            onChange={(isOn) => wish({ meters: { [meter]: isOn } })}
          />
        ))}
      </fieldset>
      {save.isSuccess ? <Said>{words.saved}</Said> : null}
      {save.error === null ? null : <Failure error={save.error} />}
    </Section>
  );
}

interface CheckProps {
  label: string;
  about?: string;
  isOn: boolean;
  isFixed: boolean;
  onChange: (isOn: boolean) => void;
}

/** One that cannot be changed stays to be reached and read. */
function Check({ label, about, isOn, isFixed, onChange }: CheckProps) {
  const id = useId();
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        aria-disabled={isFixed ? true : undefined}
        aria-labelledby={id}
        aria-describedby={about === undefined ? undefined : `${id}about`}
        onChange={({ target }) => (isFixed ? undefined : onChange(target.checked))}
      />
      <span>
        <span id={id}>{label}</span>
        {about === undefined ? null : (
          <span id={`${id}about`} className="bursar-muted">
            {about}
          </span>
        )}
      </span>
    </label>
  );
}

function LastMails() {
  const { client, messages } = useBursar(notificationsWords);
  const words = messages.notifications;
  const list = useInfiniteQuery({
    queryKey: queryKeys.mails,
    queryFn: ({ pageParam }) =>
      client.notifications.mails(pageParam === null ? { limit: 10 } : { limit: 10, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    retry,
  });
  const { data, error, refetch } = list;
  if (data === undefined) {
    return <AwaitedSection heading={words.last} rows={3} error={error} retry={() => void refetch()} />;
  }
  const mails = data.pages.flatMap((page) => page.data);
  return (
    <Section heading={words.last}>
      {mails.length === 0 ? <p className="bursar-muted">{words.empty}</p> : <Mails mails={mails} />}
      <MoreButton list={list} label={words.more} />
    </Section>
  );
}

const TONES = { due: "is-open", sent: "is-paid", failed: "is-critical" } as const;

function Mails({ mails }: { mails: SentMail[] }) {
  const { messages, format } = useBursar(notificationsWords);
  const words = messages.notifications;
  const { columns } = words;
  return (
    <table className="bursar-table">
      <caption className="bursar-hidden">{words.last}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.subject}</th>
          <th scope="col">{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {mails.map(({ id, subject, to, state, createdAt, sentAt, nextTryAt, error }) => (
          <tr key={`${id}${to}`}>
            <td data-label={columns.time}>
              <time dateTime={sentAt ?? createdAt}>{format.moment(sentAt ?? createdAt)}</time>
            </td>
            <td data-label={columns.subject}>{subject}</td>
            <td data-label={columns.state}>
              <span>
                <span className={`bursar-tag ${TONES[state]}`}>{words.state[state]}</span>
                {error === null && nextTryAt === null ? null : (
                  <span className="bursar-muted bursar-sub">
                    {error}
                    {nextTryAt === null ? null : ` ${words.nextTry(format.moment(nextTryAt))}`}
                  </span>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
