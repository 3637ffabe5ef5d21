import type { CreditTransaction, TransactionsQuery } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Failure, Section, SkeletonRows } from "../frame/section.tsx";
import { useTransactions } from "./use-credits.ts";
import { useOverview } from "../hooks.ts";
import { firstOf } from "../usage/span.ts";
import { HistoryFilters, type HistoryFilter } from "./history-filters.tsx";
import { HistoryTable } from "./history-table.tsx";
import { historyDays } from "./history-view.ts";
import { creditsWords } from "../messages/areas/credits.ts";

/** Every movement of the book, newest first, by day (CR1). */
export function CreditHistory() {
  const { messages } = useBursar(creditsWords);
  const { data: overview, error, refetch } = useOverview();
  const words = messages.credits;
  // Which days are the last ones is for the server's clock to say.
  if (overview === undefined)
    return <AwaitedSection heading={words.history} rows={6} error={error} retry={() => void refetch()} />;
  return <History now={overview.now} />;
}

function History({ now }: { now: string }) {
  const { client, messages } = useBursar(creditsWords);
  const words = messages.credits;
  const [filter, setFilter] = useState<HistoryFilter>({ type: null, days: 90 });
  const [eachUse, setEachUse] = useState(false);
  const query = queryOf(filter, now);
  const list = useTransactions(eachUse ? query : { ...query, group: "day" });
  const { data, error, refetch, isPlaceholderData, hasNextPage } = list;
  const movements = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      heading={words.history}
      className="is-history"
      busy={error === null && (data === undefined || isPlaceholderData)}
    >
      <div className="bursar-toolbar">
        <HistoryFilters {...{ filter, setFilter, eachUse, setEachUse }} />
        <ExportButton fetchCsv={() => client.transactionsCsv(query)} />
      </div>
      {error !== null && data === undefined ? <Failure error={error} retry={() => void refetch()} /> : null}
      {error === null && data === undefined ? (
        <>
          <p className="bursar-hidden">{messages.state.loading}</p>
          <SkeletonRows rows={6} />
        </>
      ) : null}
      {data === undefined ? null : <HistoryTable days={historyDays(movements)} />}
      {data !== undefined && movements.length === 0 ? (
        <p className="bursar-muted">
          {filter.type === null && !hasNextPage ? words.emptyHistory : words.emptyFilter}
        </p>
      ) : null}
      <MoreButton list={list} label={words.more} />
    </Section>
  );
}

function queryOf({ type, days }: HistoryFilter, now: string): TransactionsQuery {
  return {
    ...(type === null ? {} : { type: type satisfies CreditTransaction["type"] }),
    ...(days === null ? {} : { from: firstOf(days, now) }),
  };
}
