import type { MeterUsage, UsageGroups } from "@bursar/client";
import { useId } from "react";
import { useBursar } from "../bursar-context.ts";
import { Heading } from "../frame/heading.tsx";
import { daysWords } from "../messages/areas/days.ts";
import { usageWords } from "../messages/areas/usage.ts";
import { groupViews, type GroupView } from "./group-view.ts";

/** To which projects or members the use of the days above belongs (US1); it adds up to theirs. */
export function UsageGroupsTable({
  groups,
  usage,
  name,
}: {
  groups: UsageGroups;
  usage: MeterUsage;
  /** What such a group is called: "Project". */
  name: string;
}) {
  const { messages, format } = useBursar(daysWords, usageWords);
  const headingId = useId();
  const words = messages.days.groups;
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const rows = groupViews(groups, { amountOf, format, messages });
  return (
    <section className="bursar-groups" aria-labelledby={headingId}>
      <Heading depth={2} id={headingId}>
        {words.heading(name)}
      </Heading>
      <table className="bursar-table is-groups">
        <caption className="bursar-hidden">{words.caption(usage.name, name)}</caption>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col">{words.share}</th>
            <th scope="col" className="is-number">
              {words.used}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <GroupRow key={row.key} row={row} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {words.total}
            </th>
            <td className="is-number">{amountOf(groups.total)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function GroupRow({ row }: { row: GroupView }) {
  return (
    <tr>
      <th scope="row">
        {row.isNamed ? <bdi>{row.name}</bdi> : <span className="bursar-muted">{row.name}</span>}
      </th>
      <td>
        <span className="bursar-group-share">
          <svg className="bursar-bar" width="100%" height="8" aria-hidden="true" focusable="false">
            <rect className="bursar-bar-track" width="100%" height="8" rx="4" />
            <rect className="bursar-bar-fill" width={`${row.fillPercent}%`} height="8" rx="4" />
          </svg>
          <span>{row.share}</span>
        </span>
      </td>
      <td className="is-number">{row.amount}</td>
    </tr>
  );
}
