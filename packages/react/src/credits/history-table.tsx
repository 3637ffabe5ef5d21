import { ProblemError, type CreditTransaction, type Pack } from "@bursar/client";
import { useMutationState } from "@tanstack/react-query";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { usePacks, type PackPurchaseRequest } from "./use-credits.ts";
import { errorInWords } from "../in-words.ts";
import * as queryKeys from "../query-keys.ts";
import type { HistoryDay } from "./history-view.ts";
import { creditsWords } from "../messages/areas/credits.ts";
import { nameIn } from "../messages/told-words.ts";

export function HistoryTable({ days }: { days: HistoryDay[] }) {
  const { messages, format } = useBursar(creditsWords);
  const { columns, historyCaption } = messages.credits;
  const unbooked = useUnbooked(days);
  if (days.length === 0 && unbooked.length === 0) return null;
  return (
    <table className="bursar-table is-history">
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
      {unbooked.length === 0 ? null : (
        <tbody>
          {unbooked.map((purchase) => (
            <UnbookedRow key={purchase.key} purchase={purchase} />
          ))}
        </tbody>
      )}
      {days.map(({ date, rows }) => (
        <tbody key={date}>
          <tr className="bursar-day">
            <th scope="rowgroup" colSpan={5}>
              <time dateTime={date}>{format.date(date)}</time>
            </th>
          </tr>
          {rows.map((row) => (
            <MovementRow key={row.id} row={row} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function MovementRow({ row }: { row: CreditTransaction }) {
  const { messages, format } = useBursar(creditsWords);
  const words = messages.credits;
  const { columns } = words;
  return (
    <tr>
      <td data-label={columns.time}>
        <time dateTime={row.createdAt}>{format.time(row.createdAt)}</time>
      </td>
      <td data-label={columns.type}>
        <span>
          {words.type[row.type]}
          <Detail row={row} />
        </span>
      </td>
      <td data-label={columns.tokens} className={row.amount > 0 ? "is-number is-in" : "is-number"}>
        {format.signed(row.amount)}
      </td>
      <td data-label={columns.price} className={row.price === null ? "is-number is-blank" : "is-number"}>
        <span>
          {row.price === null || row.currency === null ? "\u2013" : format.money(row.price, row.currency)}
          {row.receiptUrl === null ? null : (
            <a
              href={row.receiptUrl}
              className="bursar-sub bursar-muted"
              aria-label={words.receiptOf(words.type[row.type], format.moment(row.createdAt))}
            >
              {words.receipt}
            </a>
          )}
        </span>
      </td>
      <td data-label={columns.balance} className="is-number">
        <span>
          {row.balanceAfter === null ? "\u2013" : format.count(row.balanceAfter)}
          {row.credits === null ? <span className="bursar-muted bursar-sub">{words.included}</span> : null}
        </span>
      </td>
    </tr>
  );
}

/** What a movement adds to its type; where the server's English only says the type again, nothing. */
function Detail({ row }: { row: CreditTransaction }) {
  const { messages, format } = useBursar(creditsWords);
  const words = messages.credits;
  const { told } = messages;
  const { type, entries, description, actor } = row;
  // An allocation that moves the credits too pays what they owed.
  const isAllocation = type === "allocation";
  if (type === "lapse" || (isAllocation && row.credits === null)) return null;
  // Use without a description of the product's has the meter's name.
  const name = told === null ? description : nameIn(told, description);
  const what = isAllocation ? words.cleared : entries > 1 ? words.uses(format.counted(entries)) : name;
  return (
    <span className="bursar-muted bursar-sub">
      {what}
      {actor === null ? null : `, ${actor}`}
    </span>
  );
}

interface Unbooked {
  key: string;
  pack: Pack | null;
  isWaiting: boolean;
  /** Why it failed; `null`: not known, or still waiting. */
  reason: string | null;
}

/** Purchases of this visit that are at the card or were refused: the balance is untouched by them (CR2). */
function useUnbooked(days: HistoryDay[]): Unbooked[] {
  const bursar = useBursar();
  const { data: packs } = usePacks();
  const purchases = useMutationState({
    filters: { mutationKey: queryKeys.purchase },
    select: ({ state }) => ({ ...state, request: state.variables as PackPurchaseRequest | undefined }),
  });
  const waitsFor = purchases.at(-1)?.request?.intent.key ?? null;
  const bought = days.flatMap(({ rows }) => rows).find(({ type }) => type === "purchase")?.id ?? null;
  // The newest purchase there was when this one began: with another one it is in the book, though still at work.
  const [begun, setBegun] = useState({ waitsFor, bought });
  if (begun.waitsFor !== waitsFor) setBegun({ waitsFor, bought });
  const isBooked = begun.waitsFor === waitsFor && begun.bought !== bought;
  return purchases
    .filter(({ status, error }) => (status === "pending" && !isBooked) || isDeclined(error))
    .slice(-1)
    .map(({ request, status, error }) => ({
      key: request?.intent.key ?? "",
      pack: packs?.data.find(({ id }) => id === request?.request.packId) ?? null,
      isWaiting: status === "pending",
      reason: error instanceof ProblemError ? errorInWords(error, bursar) : null,
    }));
}

function isDeclined(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === "payment_failed";
}

function UnbookedRow({ purchase }: { purchase: Unbooked }) {
  const { messages, format } = useBursar(creditsWords);
  const words = messages.credits;
  const { pack, isWaiting, reason } = purchase;
  const failed = reason === null ? words.failedUnknown : words.failed(reason);
  return (
    <tr className="bursar-unbooked">
      <td data-label={words.columns.time}>{"\u2013"}</td>
      <td data-label={words.columns.type}>
        <span>
          {isWaiting ? words.waiting : failed}
          <span className="bursar-muted bursar-sub">{pack?.name}</span>
        </span>
      </td>
      <td data-label={words.columns.tokens} className="is-number">
        {pack === null || !isWaiting ? "\u2013" : format.signed(pack.tokens)}
      </td>
      <td data-label={words.columns.price} className="is-number">
        {pack === null || !isWaiting ? "\u2013" : format.money(pack.price, pack.currency)}
      </td>
      <td data-label={words.columns.balance} className="is-number">
        {"\u2013"}
      </td>
    </tr>
  );
}
