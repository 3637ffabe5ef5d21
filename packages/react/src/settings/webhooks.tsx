import type { WebhookEndpoint, WebhookEndpointList } from "@bursar/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Ask } from "../frame/ask.tsx";
import { AwaitedSection, Failure, Section } from "../frame/section.tsx";
import { News, Said } from "../frame/voice.tsx";
import { useFocusBack } from "../frame/use-focus-back.ts";
import { retry, settle, useWrite } from "../hooks.ts";
import { permissionInWords } from "../in-words.ts";
import { intentKey } from "../intents.ts";
import * as queryKeys from "../query-keys.ts";
import { AddEndpoint } from "./add-endpoint.tsx";
import { DeliveryLog } from "./delivery-log.tsx";
import { EditEndpoint } from "./edit-endpoint.tsx";
import { Secret } from "./secret.tsx";
import { webhooksWords } from "../messages/areas/webhooks.ts";

/** Endpoints of the account, each with its test, its secret and its log. */
export function Webhooks() {
  const { client, messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.webhooks,
    queryFn: client.webhooks.list,
    retry,
  });
  if (data === undefined) {
    return <AwaitedSection heading={words.heading} rows={4} error={error} retry={() => void refetch()} />;
  }
  return (
    <>
      <AddEndpoint list={data} />
      <Endpoints list={data} />
    </>
  );
}

function Endpoints({ list }: { list: WebhookEndpointList }) {
  const { messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const [open, setOpen] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const opened = list.data.find(({ id }) => id === open);
  return (
    <>
      <Section heading={words.heading}>
        <News sentence={done} />
        {list.data.length === 0 ? (
          <p className="bursar-muted">{words.empty}</p>
        ) : (
          <ul className="bursar-people">
            {list.data.map((endpoint) => (
              <Row
                key={endpoint.id}
                endpoint={endpoint}
                list={list}
                isOpen={open === endpoint.id}
                toggle={() => setOpen(open === endpoint.id ? null : endpoint.id)}
                forget={() => setDone(null)}
                onChanged={() => setDone(words.changed)}
                onGone={() => setDone(words.removed(endpoint.url))}
              />
            ))}
          </ul>
        )}
      </Section>
      {opened === undefined ? null : (
        <DeliveryLog key={opened.id} endpoint={opened} change={list.can.change} />
      )}
    </>
  );
}

interface RowProps {
  endpoint: WebhookEndpoint;
  list: WebhookEndpointList;
  isOpen: boolean;
  toggle: () => void;
  /** What was done before is no news any more. */
  forget: () => void;
  onChanged: () => void;
  onGone: () => void;
}

function Row({ endpoint, list, isOpen, toggle, forget, onChanged, onGone }: RowProps) {
  const bursar = useBursar(webhooksWords);
  const { client, messages, format } = bursar;
  const words = messages.webhooks;
  const { id, url, enabled, failingSince, eventTypes } = endpoint;
  const permission = permissionInWords(list.can.change, bursar);
  const [isAsked, setIsAsked] = useState(false);
  const asker = useFocusBack(isAsked);
  const [isEdited, setIsEdited] = useState(false);
  const editor = useFocusBack(isEdited);
  const test = useWrite(() => client.webhooks.test(id));
  const turn = useWrite((isOn: boolean) => client.webhooks.change(id, { enabled: isOn }));
  const rotate = useWrite(() => settle(intentKey(`rotate:${id}`), (key) => client.webhooks.rotate(id, key)));
  const error = test.error ?? turn.error ?? rotate.error;
  return (
    <li>
      <div className="bursar-person">
        <p className="bursar-person-name">
          <strong>{url}</strong>
          <span className={`bursar-tag ${enabled ? "is-paid" : "is-critical"}`}>
            {enabled ? words.enabled : words.disabled}
          </span>
        </p>
        <p className="bursar-muted">
          {eventTypes === null ? words.hearsAll : words.hears(eventTypes.join(", "))}
          {failingSince === null ? null : ` \u00b7 ${words.failing(format.moment(failingSince))}`}
        </p>
      </div>
      <div className="bursar-rows-actions">
        {permission.allowed && enabled ? (
          <ActionButton
            label={words.test}
            busyLabel={words.testing}
            busy={test.isPending}
            permission={permission}
            onPress={() => test.mutate(undefined)}
          />
        ) : null}
        <button
          type="button"
          className="bursar-button is-quiet"
          aria-expanded={isOpen}
          aria-label={words.logOf(url)}
          onClick={toggle}
        >
          {words.log}
        </button>
        {permission.allowed ? (
          <>
            {isEdited ? null : (
              <button
                ref={editor}
                type="button"
                className="bursar-button is-quiet"
                aria-label={words.editNamed(url)}
                onClick={() => {
                  forget();
                  setIsEdited(true);
                }}
              >
                {words.edit}
              </button>
            )}
            <ActionButton
              label={enabled ? words.disable : words.enable}
              busy={turn.isPending}
              permission={permission}
              quiet
              onPress={() => turn.mutate(!enabled)}
            />
            <ActionButton
              label={words.rotate}
              busy={rotate.isPending}
              permission={permission}
              quiet
              onPress={() => rotate.mutate(undefined)}
            />
            {isAsked ? null : (
              <button
                ref={asker}
                type="button"
                className="bursar-button is-quiet"
                aria-label={words.removeNamed(url)}
                onClick={() => setIsAsked(true)}
              >
                {words.remove}
              </button>
            )}
          </>
        ) : null}
      </div>
      {test.data === undefined || test.isPending ? null : test.data.delivered ? (
        <Said>{words.testTaken(String(test.data.try.status), format.count(test.data.try.durationMs))}</Said>
      ) : (
        <p role="alert">
          {words.testRefused(test.data.try.error ?? "", format.count(test.data.try.durationMs))}
        </p>
      )}
      {error === null ? null : <Failure error={error} />}
      {rotate.data === undefined ? null : (
        <Secret
          sentence={words.rotatedSecret(format.moment(rotate.data.previousValidUntil))}
          secret={rotate.data.secret}
        />
      )}
      {isEdited ? (
        <EditEndpoint
          endpoint={endpoint}
          list={list}
          close={() => setIsEdited(false)}
          onSaved={() => {
            setIsEdited(false);
            onChanged();
          }}
        />
      ) : null}
      {isAsked ? (
        <AskToRemove
          endpoint={endpoint}
          keep={() => setIsAsked(false)}
          onGone={() => {
            setIsAsked(false);
            onGone();
          }}
        />
      ) : null}
    </li>
  );
}

function AskToRemove({
  endpoint: { id, url },
  onGone,
  keep,
}: {
  endpoint: WebhookEndpoint;
  onGone: () => void;
  keep: () => void;
}) {
  const { client, messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const remove = useWrite(() => client.webhooks.remove(id), { onSuccess: onGone });
  return (
    <Ask
      means={words.removeMeans}
      keep={words.keep}
      onKeep={keep}
      failure={remove.error === null ? null : <Failure error={remove.error} />}
    >
      <ActionButton
        label={words.removeNamed(url)}
        busyLabel={words.removing}
        busy={remove.isPending}
        permission={{ allowed: true }}
        onPress={() => remove.mutate(undefined)}
      />
    </Ask>
  );
}
