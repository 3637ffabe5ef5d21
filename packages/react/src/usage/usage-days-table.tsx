import type { MeterUsage } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import type { DayView } from "./day-view.ts";
import { daysWords } from "../messages/areas/days.ts";

/** The chart's figures to be read one by one. */
export function UsageDaysTable({ days, usage }: { days: DayView[]; usage: MeterUsage }) {
  const { messages, format } = useBursar(daysWords);
  const words = messages.days.perDay;
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const quantity = usage.kind === "level" ? words.columns.level : words.columns.quantity;
  const hasTotal = days.some(({ total }) => total !== null);
  return (
    <table className="bursar-table is-days">
      <caption className="bursar-hidden">{words.caption(usage.name)}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.day}</th>
          <th scope="col" className="is-number">
            {quantity}
          </th>
          {hasTotal ? (
            <th scope="col" className="is-number">
              {words.columns.total}
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.date}>
            <td data-label={words.columns.day}>
              <time dateTime={day.date}>
                {day.isToday ? words.soFar(format.date(day.date)) : format.date(day.date)}
              </time>
            </td>
            <td data-label={quantity} className="is-number">
              {amountOf(day.quantity)}
            </td>
            {day.total === null ? null : (
              <td data-label={words.columns.total} className="is-number">
                {amountOf(day.total)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
