import type { Overview, PlanChange, PlanChoice } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { Link } from "../frame/link.tsx";
import { News } from "../frame/voice.tsx";
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

/** What came of it. */
export function Done({ confirmed, overview }: { confirmed: Confirmed; overview: Overview }) {
  const { messages, format, basePath } = useBursar(planWords, reviewWords);
  const words = messages.review;
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
      <News sentence={deed === "pay" ? `${said} ${words.paid(sum)}` : said} />
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
