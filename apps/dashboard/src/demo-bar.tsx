import { type Client, type DemoState } from "@bursar/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

/** Every answer of the page begins so; after a deed of the demo all are asked for again. */
const PAGE_ANSWERS = ["bursar"];
const STATE = ["demo"];

const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

const deeds: { label: string; run: (client: Client) => Promise<unknown> }[] = [
  { label: "+1 day", run: ({ demo }) => demo.advance({ days: 1 }) },
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
        <strong>Demo</strong> The account&rsquo;s time is{" "}
        <time dateTime={state.now}>{day.format(new Date(state.now))} UTC</time>
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
      <p role="status">{deed.error === null ? "" : deed.error.message}</p>
    </section>
  );
}
