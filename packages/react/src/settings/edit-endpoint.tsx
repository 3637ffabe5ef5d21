import type { WebhookEndpoint, WebhookEndpointList } from "@bursar/client";
import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { webhooksWords } from "../messages/areas/webhooks.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { useWrite } from "../hooks.ts";
import { EndpointFields, useEndpointDraft, type EndpointDraft } from "./endpoint-fields.tsx";

/** Another address or other events of an endpoint that is there; its secret and its log stay. */
export function EditEndpoint({
  endpoint: { id, url, eventTypes },
  list,
  onSaved,
  close,
}: {
  endpoint: WebhookEndpoint;
  list: WebhookEndpointList;
  onSaved: () => void;
  close: () => void;
}) {
  const { client, messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const form = useEndpointDraft({ url, eventTypes });
  const save = useWrite((change: EndpointDraft) => client.webhooks.change(id, change), {
    onSuccess: onSaved,
  });
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  const press = () => {
    const change = form.read();
    if (change !== null) save.mutate(change);
  };
  return (
    <form className="bursar-ask" onSubmit={(event) => event.preventDefault()}>
      <p ref={text} tabIndex={-1}>
        {words.editMeans}
      </p>
      <EndpointFields list={list} {...form} />
      <p className="bursar-actions">
        <ActionButton
          label={words.save}
          busyLabel={words.saving}
          busy={save.isPending}
          permission={{ allowed: true }}
          onPress={press}
          primary
        />
        <button type="button" className="bursar-button" onClick={close}>
          {words.leave}
        </button>
      </p>
      {save.error === null ? null : <Failure error={save.error} />}
    </form>
  );
}
