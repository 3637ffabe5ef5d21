import type { WebhookEndpointList } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure, Section } from "../frame/section.tsx";
import { settle, useWrite } from "../hooks.ts";
import { permissionInWords } from "../in-words.ts";
import { intentKey } from "../intents.ts";
import { EndpointFields, useEndpointDraft, type EndpointDraft } from "./endpoint-fields.tsx";
import { Secret } from "./secret.tsx";
import { webhooksWords } from "../messages/areas/webhooks.ts";

const NOTHING: EndpointDraft = { url: "", eventTypes: null };

/** A new endpoint: where to, and of which events. */
export function AddEndpoint({ list }: { list: WebhookEndpointList }) {
  const bursar = useBursar(webhooksWords);
  const { client, messages } = bursar;
  const words = messages.webhooks;
  const form = useEndpointDraft(NOTHING);
  const add = useWrite((request: EndpointDraft) =>
    settle(intentKey(`endpoint:${JSON.stringify(request)}`), (key) => client.webhooks.create(request, key)),
  );
  const permission = permissionInWords(list.can.change, bursar);
  const press = () => {
    const request = form.read();
    if (request !== null) add.mutate(request, { onSuccess: () => form.setDraft(NOTHING) });
  };
  return (
    <Section heading={words.add}>
      {add.data === undefined ? null : <Secret sentence={words.secret} secret={add.data.secret} />}
      <p className="bursar-muted">{words.about}</p>
      {permission.allowed ? (
        <form className="bursar-invite" onSubmit={(event) => event.preventDefault()}>
          <EndpointFields list={list} {...form} />
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
