import type { List, WebhookDelivery, WebhookEndpoint, WebhookEndpointList } from "@bursar/client";
import { useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Failure, Section } from "../frame/section.tsx";
import { retry, useWrite } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";
import { webhooksWords } from "../messages/areas/webhooks.ts";

/** While something waits the log is asked for again; a try takes seconds, a pause longer. */
const PENDING_MS = 3_000;

interface LogProps {
  endpoint: WebhookEndpoint;
  change: WebhookEndpointList["can"]["change"];
}

/** What was sent to an endpoint, the newest first. */
export function DeliveryLog({ endpoint, change }: LogProps) {
  const { client, messages } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const { id, url } = endpoint;
  const list = useInfiniteQuery({
    queryKey: queryKeys.deliveries(id),
    queryFn: ({ pageParam }) =>
      client.webhooks.deliveries(id, pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: List<WebhookDelivery>) => page.nextCursor,
    refetchInterval: ({ state }) => (hasPending(state.data) ? PENDING_MS : false),
    retry,
  });
  const { data, error, refetch } = list;
  const heading = words.logOf(url);
  if (data === undefined) {
    return <AwaitedSection heading={heading} rows={4} error={error} retry={() => void refetch()} />;
  }
  const deliveries = data.pages.flatMap((page) => page.data);
  return (
    <Section heading={heading}>
      {deliveries.length === 0 ? (
        <p className="bursar-muted">{words.logEmpty}</p>
      ) : (
        <ul className="bursar-people">
          {deliveries.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              endpointId={id}
              mayReplay={change.allowed && endpoint.enabled}
            />
          ))}
        </ul>
      )}
      <MoreButton list={list} label={words.more} />
    </Section>
  );
}

function hasPending(data: InfiniteData<List<WebhookDelivery>> | undefined): boolean {
  return data?.pages.some((page) => page.data.some(({ state }) => state === "due")) ?? false;
}

const TONES = { due: "is-open", sent: "is-paid", failed: "is-critical" } as const;

interface DeliveryProps {
  delivery: WebhookDelivery;
  endpointId: string;
  mayReplay: boolean;
}

function Delivery({ delivery, endpointId, mayReplay }: DeliveryProps) {
  const { client, messages, format } = useBursar(webhooksWords);
  const words = messages.webhooks;
  const { id, type, state, createdAt, nextTryAt, tries } = delivery;
  const [isOpen, setIsOpen] = useState(false);
  const replay = useWrite(() => client.webhooks.replayOne(endpointId, id));
  return (
    <li>
      <div className="bursar-person">
        <p className="bursar-person-name">
          <strong>{type}</strong>
          <span className={`bursar-tag ${TONES[state]}`}>{words.state[state]}</span>
        </p>
        <p className="bursar-muted">
          {format.moment(createdAt)}
          {" \u00b7 "}
          {words.tries(format.count(tries.length))}
          {nextTryAt === null ? null : ` \u00b7 ${words.nextTry(format.moment(nextTryAt))}`}
        </p>
      </div>
      <button
        type="button"
        className="bursar-button is-quiet"
        aria-expanded={isOpen}
        aria-label={words.detailsOf(type, format.moment(createdAt))}
        onClick={() => setIsOpen(!isOpen)}
      >
        {words.details}
      </button>
      {isOpen ? (
        <div className="bursar-delivery">
          <Tries tries={tries} />
          <p className="bursar-muted">{words.sentBody}</p>
          <pre>{delivery.body}</pre>
          {mayReplay ? (
            <p>
              <ActionButton
                label={words.replay}
                busyLabel={words.replaying}
                busy={replay.isPending}
                permission={{ allowed: true }}
                onPress={() => replay.mutate(undefined)}
              />
            </p>
          ) : null}
          {replay.error === null ? null : <Failure error={replay.error} />}
        </div>
      ) : null}
    </li>
  );
}

function Tries({ tries }: { tries: WebhookDelivery["tries"] }) {
  const { messages, format } = useBursar(webhooksWords);
  const words = messages.webhooks;
  return tries.map(({ at, status, error, answer, durationMs }) => {
    const outcome = error ?? words.answered(String(status));
    return (
      <div key={at} className="bursar-delivery">
        <p>{words.triedAt(format.moment(at), outcome, format.count(durationMs))}</p>
        {answer === null ? null : <pre>{answer}</pre>}
      </div>
    );
  });
}
