import type { WebhookEndpointList } from "@bursar/client";
import { useId, useRef, useState, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import { webhooksWords } from "../messages/areas/webhooks.ts";

/** Where to, and of which events; `null` is all of them. */
export interface EndpointDraft {
  url: string;
  eventTypes: string[] | null;
}

type Mistake = "noUrl" | "noType" | null;

/** What somebody enters of an endpoint, and what is wrong with it. */
export function useEndpointDraft(initial: EndpointDraft) {
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(initial);
  const [mistake, setMistake] = useState<Mistake>(null);
  return {
    ...{ field, draft, setDraft, mistake },
    /** @returns what is to be sent; `null` when something is missing, which is then said */
    read(): EndpointDraft | null {
      const url = draft.url.trim();
      const found = url === "" ? "noUrl" : draft.eventTypes?.length === 0 ? "noType" : null;
      setMistake(found);
      if (found === "noUrl") field.current?.focus();
      return found === null ? { ...draft, url } : null;
    },
  };
}

interface EndpointFieldsProps {
  list: WebhookEndpointList;
  draft: EndpointDraft;
  setDraft: (draft: EndpointDraft) => void;
  mistake: Mistake;
  field: RefObject<HTMLInputElement | null>;
}

export function EndpointFields({ list, draft, setDraft, mistake, field }: EndpointFieldsProps) {
  const { messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const id = useId();
  const { url, eventTypes: chosen } = draft;
  return (
    <>
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
          onChange={({ target }) => setDraft({ ...draft, url: target.value })}
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
          onChange={({ target }) => setDraft({ ...draft, eventTypes: target.value === "all" ? null : [] })}
        >
          <option value="all">{words.all}</option>
          <option value="some">{words.some}</option>
        </select>
        {mistake === "noType" ? <p className="bursar-error">{words.noType}</p> : null}
      </div>
      {chosen === null ? null : (
        <EventTypes list={list} chosen={chosen} choose={(eventTypes) => setDraft({ ...draft, eventTypes })} />
      )}
    </>
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
  const { messages } = useBursar(webhooksWords);
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
