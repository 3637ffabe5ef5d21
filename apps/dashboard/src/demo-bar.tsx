import type { Client, DemoState, DemoWebhook } from "@bursar/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { inWords } from "./instant.ts";

/** Every answer of the page begins so; after a deed of the demo all are asked for again. */
const PAGE_ANSWERS = ["bursar"];
const STATE = ["demo"];

const deeds: { label: string; run: (client: Client) => Promise<unknown> }[] = [
  { label: "+1 day", run: ({ demo }) => demo.advance({ days: 1 }) },
  { label: "+1 week", run: ({ demo }) => demo.advance({ days: 7 }) },
  { label: "+1 month", run: ({ demo }) => demo.advance({ days: 31 }) },
  { label: "Send usage", run: ({ demo }) => demo.use() },
  { label: "Card declines", run: ({ demo }) => demo.card({ card: "declines" }) },
  { label: "Card works", run: ({ demo }) => demo.card({ card: "works" }) },
];

/**
 * What a visitor of the demo can let happen: time, use, a card that fails. Its words are English and its own: it is no
 * part of the product's page. Where the server is no demo there is no bar.
 */
export function DemoBar({ client }: { client: Client }) {
  const { data: state } = useQuery({ queryKey: STATE, queryFn: client.demo.state, retry: false });
  return state === undefined || state === null ? null : <Deeds client={client} state={state} />;
}

function Deeds({ client, state }: { client: Client; state: DemoState }) {
  const queries = useQueryClient();
  const deed = useMutation({
    mutationFn: (index: number) => deeds[index]?.run(client) ?? Promise.resolve(null),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: PAGE_ANSWERS }),
        queries.invalidateQueries({ queryKey: STATE }),
      ]),
  });
  return (
    <section className="shell-demo" aria-label="Demo">
      <p>
        <strong>Demo</strong>
      </p>
      <p className="shell-demo-deeds">
        {deeds.map(({ label }, index) => (
          <button
            key={label}
            type="button"
            aria-disabled={deed.isPending ? "true" : undefined}
            onClick={deed.isPending ? undefined : () => deed.mutate(index)}
          >
            {deed.isPending && deed.variables === index ? "Working on it" : label}
          </button>
        ))}
      </p>
      <Webhooks webhooks={state.webhooks} />
      <p role="status">{deed.error === null ? "" : deed.error.message}</p>
    </section>
  );
}

/** What Stripe told last, and whether it was heard. */
function Webhooks({ webhooks }: { webhooks: DemoWebhook[] }) {
  return (
    <details className="shell-webhooks">
      <summary>Webhooks ({webhooks.length})</summary>
      {webhooks.length === 0 ? <p>Stripe has not told anything of this account yet.</p> : null}
      <ul role="list">
        {webhooks.map(({ id, type, receivedAt, handledAt, error }) => (
          <li key={id}>
            <code>{type}</code>
            <span>
              {handledAt !== null
                ? "Handled"
                : error === null
                  ? "Waiting"
                  : `Waiting, the last try failed: ${error}`}
              , <time dateTime={receivedAt}>{inWords(receivedAt)}</time>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
