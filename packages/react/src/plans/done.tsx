import type { Overview, PlanChange, PlanChoice } from "@bursar/client";
import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { Icon } from "../frame/icon.tsx";
import { Link } from "../frame/link.tsx";
import type { DeedHere } from "./deed.ts";
import { planWords } from "../messages/areas/plan.ts";
import { reviewWords } from "../messages/areas/review.ts";

/** A change that the server has confirmed, with what was shown when it was pressed. */
export interface Confirmed {
  wanted: PlanChoice;
  outcome: PlanChange;
  deed: DeedHere["kind"];
  /** What was charged, formatted; nothing else is charged than what was shown (R3). */
  sum: string;
}

/** What came of it. It takes the focus, which the pressed button had. */
export function Done({ confirmed, overview }: { confirmed: Confirmed; overview: Overview }) {
  const { messages, format, basePath } = useBursar(planWords, reviewWords);
  const words = messages.review;
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  const { outcome, deed, sum } = confirmed;
  const { name, perSeat } = overview.plan;
  const seats = messages.seats(format.counted(overview.seats.purchased));
  const stays = perSeat ? messages.plan.keptSeats(name, seats) : messages.plan.kept(name);
  const said =
    outcome.status === "scheduled"
      ? words.scheduled(format.date(outcome.effectiveAt))
      : deed === "keep"
        ? stays
        : words.applied(perSeat ? `${name}, ${seats}` : name);
  return (
    <>
      <p ref={text} tabIndex={-1} className="bursar-done">
        <Icon name="good" /> {deed === "pay" ? `${said} ${words.paid(sum)}` : said}
      </p>
      <p className="bursar-actions">
        <Link href={basePath} className="bursar-button">
          {words.toOverview}
        </Link>
        {deed === "pay" ? (
          <Link href={`${basePath}/invoices`} className="bursar-button">
            {words.toInvoices}
          </Link>
        ) : null}
      </p>
    </>
  );
}
