import type { CreditTransaction } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useTransactions } from "../hooks.ts";

/** Every movement of the book, newest first. */
export function CreditHistory() {
  const { messages } = useBursar();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTransactions();
  const words = messages.credits;
  if (data === undefined) {
    if (error !== null)
      return <FailedSection heading={words.history} error={error} retry={() => void refetch()} />;
    return <SkeletonSection heading={words.history} rows={5} />;
  }
  const movements = data.pages.flatMap((page) => page.data);
  return (
    <Section heading={words.history} className="is-history">
      {movements.length === 0 ? (
        <p className="bursar-muted">{words.emptyHistory}</p>
      ) : (
        <Movements {...{ movements }} />
      )}
      {hasNextPage ? (
        <p className="bursar-actions">
          <button
            type="button"
            className="bursar-button"
            aria-disabled={isFetchingNextPage ? "true" : undefined}
            onClick={() => void fetchNextPage()}
          >
            {words.more}
          </button>
        </p>
      ) : null}
    </Section>
  );
}

function Movements({ movements }: { movements: CreditTransaction[] }) {
  const { messages, format } = useBursar();
  const { columns, type: typeWords, historyCaption } = messages.credits;
  return (
    <table className="bursar-table">
      <caption className="bursar-hidden">{historyCaption}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.type}</th>
          <th scope="col" className="is-number">
            {columns.tokens}
          </th>
          <th scope="col" className="is-number">
            {columns.price}
          </th>
          <th scope="col" className="is-number">
            {columns.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        {movements.map((movement) => (
          <tr key={movement.id}>
            <td data-label={columns.time}>
              <time dateTime={movement.createdAt}>{format.moment(movement.createdAt)}</time>
            </td>
            <td data-label={columns.type}>
              {typeWords[movement.type]}
              <span className="bursar-muted bursar-sub">{movement.description}</span>
            </td>
            <td data-label={columns.tokens} className={movement.amount > 0 ? "is-number is-in" : "is-number"}>
              {format.signed(movement.amount)}
            </td>
            <td data-label={columns.price} className="is-number">
              {movement.price === null || movement.currency === null
                ? "\u2013"
                : format.money(movement.price, movement.currency)}
            </td>
            <td data-label={columns.balance} className="is-number">
              {movement.balanceAfter === null ? "\u2013" : format.count(movement.balanceAfter)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
