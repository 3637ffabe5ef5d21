import type { RechargeAttempt } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { usePacks } from "../credits/use-credits.ts";
import { useRechargeAttempts } from "./use-recharge.ts";
import { creditsWords } from "../messages/areas/credits.ts";
import { rechargeWords } from "../messages/areas/recharge.ts";

/** Every purchase that auto-recharge made or tried to make, newest first. */
export function RechargeLog() {
  const { messages } = useBursar(creditsWords, rechargeWords);
  const list = useRechargeAttempts();
  const { data, error, refetch } = list;
  const words = messages.recharge;
  if (data === undefined) {
    return <AwaitedSection heading={words.log} rows={3} error={error} retry={() => void refetch()} />;
  }
  const attempts = data.pages.flatMap((page) => page.data);
  return (
    <Section heading={words.log} className="is-recharge-log">
      {attempts.length === 0 ? (
        <p className="bursar-muted">{words.logEmpty}</p>
      ) : (
        <Attempts {...{ attempts }} />
      )}
      <MoreButton list={list} label={messages.credits.more} />
    </Section>
  );
}

function Attempts({ attempts }: { attempts: RechargeAttempt[] }) {
  const { messages, format } = useBursar(rechargeWords);
  const { data: packs } = usePacks();
  const words = messages.recharge;
  const { columns } = words;
  return (
    <table className="bursar-table">
      <caption className="bursar-hidden">{words.logCaption}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.pack}</th>
          <th scope="col">{columns.state}</th>
          <th scope="col" className="is-number">
            {columns.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <tr key={attempt.id}>
            <td data-label={columns.time}>
              <time dateTime={attempt.createdAt}>{format.moment(attempt.createdAt)}</time>
            </td>
            <td data-label={columns.pack}>
              {packs?.data.find(({ id }) => id === attempt.packId)?.name ?? attempt.packId}
            </td>
            <td data-label={columns.state}>
              <span>
                {attempt.state === "declined" && attempt.retryAt !== null
                  ? words.triedAgain(format.moment(attempt.retryAt))
                  : words.attempt[attempt.state]}
                {attempt.try === 1 && attempt.reason === null ? null : (
                  <span className="bursar-muted bursar-sub">
                    {words.tries(format.counted(attempt.try))}
                    {attempt.reason === null ? null : `. ${attempt.reason}`}
                  </span>
                )}
              </span>
            </td>
            <td data-label={columns.amount} className="is-number">
              {isCharged(attempt) ? format.money(attempt.amount, attempt.currency) : "\u2013"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A sum stands only where it was charged, or is about to be. */
function isCharged({ state }: RechargeAttempt): boolean {
  return state !== "declined" && state !== "failed";
}
