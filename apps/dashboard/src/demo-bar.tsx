import type { Client, DemoState, DemoWebhook } from "@bursar/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { demoWords, useBursar } from "@bursar/react";

/** Every answer of the page begins so; after a deed of the demo all are asked for again. */
const PAGE_ANSWERS = ["bursar"];
const STATE = ["demo"];
/** While Stripe's last word is not heard yet. */
const LOOK_AGAIN_MS = 2_000;

const deeds: {
  name: "day" | "week" | "month" | "use" | "declines" | "works";
  run: (client: Client) => Promise<unknown>;
}[] = [
  { name: "day", run: ({ demo }) => demo.advance({ days: 1 }) },
  { name: "week", run: ({ demo }) => demo.advance({ days: 7 }) },
  { name: "month", run: ({ demo }) => demo.advance({ days: 31 }) },
  { name: "use", run: ({ demo }) => demo.use() },
  { name: "declines", run: ({ demo }) => demo.card({ card: "declines" }) },
  { name: "works", run: ({ demo }) => demo.card({ card: "works" }) },
];

/**
 * What a visitor of the demo can let happen: time, use, a card that fails. Where the server is no demo there is no bar.
 */
export function DemoBar({ client }: { client: Client }) {
  const { data: state } = useQuery({
    queryKey: STATE,
    queryFn: client.demo.state,
    retry: false,
    refetchInterval: ({ state: { data } }) =>
      data?.webhooks.some(({ handledAt }) => handledAt === null) === true ? LOOK_AGAIN_MS : false,
  });
  return state === undefined || state === null ? null : <Deeds client={client} state={state} />;
}

function Deeds({ client, state }: { client: Client; state: DemoState }) {
  const queries = useQueryClient();
  const words = useBursar(demoWords).messages.demo;
  const deed = useMutation({
    mutationFn: (index: number) => deeds[index]?.run(client) ?? Promise.resolve(null),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: PAGE_ANSWERS }),
        queries.invalidateQueries({ queryKey: STATE }),
      ]),
  });
  return (
    <section className="shell-demo" aria-label={words.heading}>
      <p>
        <strong>{words.heading}</strong>
      </p>
      <p className="shell-demo-deeds">
        {deeds.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            aria-disabled={deed.isPending ? "true" : undefined}
            onClick={deed.isPending ? undefined : () => deed.mutate(index)}
          >
            {deed.isPending && deed.variables === index ? words.working : words[name]}
          </button>
        ))}
      </p>
      <Webhooks
        webhooks={state.webhooks}
        lookAgain={() => void queries.invalidateQueries({ queryKey: STATE })}
      />
      {deed.error === null ? null : <p role="alert">{deed.error.message}</p>}
    </section>
  );
}

/** What Stripe told last, and whether it was heard. */
function Webhooks({ webhooks, lookAgain }: { webhooks: DemoWebhook[]; lookAgain: () => void }) {
  const { messages, format } = useBursar(demoWords);
  const words = messages.demo;
  const said = ({ receivedAt, handledAt, error }: DemoWebhook) => {
    const moment = format.moment(receivedAt);
    if (handledAt !== null) return words.handled(moment);
    return error === null ? words.waiting(moment) : words.failed(error, moment);
  };
  return (
    <details className="shell-webhooks" onToggle={lookAgain}>
      <summary>{words.webhooks(format.count(webhooks.length))}</summary>
      {webhooks.length === 0 ? <p>{words.none}</p> : null}
      <ul role="list">
        {webhooks.map((webhook) => (
          <li key={webhook.id}>
            <code>{webhook.type}</code>
            <time dateTime={webhook.receivedAt}>{said(webhook)}</time>
          </li>
        ))}
      </ul>
    </details>
  );
}
