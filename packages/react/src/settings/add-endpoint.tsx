import type { WebhookEndpointList } from "@bursar/client";
import { useId, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure, Section } from "../frame/section.tsx";
import { settle, useWrite } from "../hooks.ts";
import { permissionInWords } from "../in-words.ts";
import { intentKey } from "../leaving.ts";
import { Secret } from "./secret.tsx";

/** A new endpoint: where to, and of which events. */
export function AddEndpoint({ list }: { list: WebhookEndpointList }) {
  const bursar = useBursar();
  const { client, messages } = bursar;
  const words = messages.webhooks;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [url, setUrl] = useState("");
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [mistake, setMistake] = useState<"noUrl" | "noType" | null>(null);
  const add = useWrite((request: { url: string; eventTypes: string[] | null }) =>
    settle(intentKey(`endpoint:${JSON.stringify(request)}`), (key) => client.webhooks.create(request, key)),
  );
  const permission = permissionInWords(list.can.change, bursar);
  const press = () => {
    const found = url.trim() === "" ? "noUrl" : chosen?.length === 0 ? "noType" : null;
    setMistake(found);
    if (found === "noUrl") return field.current?.focus();
    if (found !== null) return;
    const onSuccess = () => {
      setUrl("");
      setChosen(null);
    };
    add.mutate({ url: url.trim(), eventTypes: chosen }, { onSuccess });
  };
  return (
    <Section heading={words.add}>
      {add.data === undefined ? null : <Secret sentence={words.secret} secret={add.data.secret} />}
      <p className="bursar-muted">{words.about}</p>
      {permission.allowed ? (
        <form className="bursar-invite" onSubmit={(event) => event.preventDefault()}>
          <div className="bursar-invite-field">
            <label htmlFor={`${id}url`}>{words.url}</label>
            <input
              ref={field}
              id={`${id}url`}
              type="url"
              value={url}
              autoComplete="off"
              spellCheck={false}
              aria-invalid={mistake === "noUrl" ? true : undefined}
              aria-describedby={`${id}hint`}
              onChange={({ target }) => setUrl(target.value)}
            />
            <p id={`${id}hint`} className={mistake === "noUrl" ? "bursar-error" : "bursar-muted"}>
              {mistake === "noUrl" ? words.noUrl : words.urlHint}
            </p>
          </div>
          <div className="bursar-invite-field">
            <label htmlFor={`${id}which`}>{words.types}</label>
            <select
              id={`${id}which`}
              value={chosen === null ? "all" : "some"}
              onChange={({ target }) => setChosen(target.value === "all" ? null : [])}
            >
              <option value="all">{words.all}</option>
              <option value="some">{words.some}</option>
            </select>
            {mistake === "noType" ? <p className="bursar-error">{words.noType}</p> : null}
          </div>
          {chosen === null ? null : <EventTypes list={list} chosen={chosen} choose={setChosen} />}
          <p className="bursar-actions">
            <ActionButton
              label={words.create}
              busyLabel={words.creating}
              busy={add.isPending}
              permission={permission}
              onPress={press}
              primary
            />
          </p>
          {add.error === null ? null : <Failure error={add.error} />}
        </form>
      ) : (
        <p className="bursar-reason">{permission.reason}</p>
      )}
    </Section>
  );
}

function EventTypes({
  list,
  chosen,
  choose,
}: {
  list: WebhookEndpointList;
  chosen: string[];
  choose: (types: string[]) => void;
}) {
  const { messages } = useBursar();
  return (
    <fieldset className="bursar-checks is-many">
      <legend className="bursar-hidden">{messages.webhooks.some}</legend>
      {list.eventTypes.map(({ type, description }) => (
        <label key={type}>
          <input
            type="checkbox"
            checked={chosen.includes(type)}
            onChange={({ target }) =>
              choose(target.checked ? [...chosen, type] : chosen.filter((each) => each !== type))
            }
          />
          <span>
            {type}
            <span className="bursar-muted">{description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
