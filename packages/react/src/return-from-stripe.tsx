import type { Overview } from "@bursar/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { setArriving } from "./arriving.ts";
import { useBursar } from "./bursar-context.ts";
import { Heading } from "./frame/heading.tsx";
import { Icon } from "./frame/icon.tsx";
import { Failure } from "./frame/section.tsx";
import { Said, useSaid } from "./frame/voice.tsx";
import { useOverview } from "./hooks.ts";
import { useInvoices } from "./invoices/use-invoices.ts";
import { useReconcile } from "./use-reconcile.ts";
import { hasArrived, recallLeaving, type Leaving } from "./leaving.ts";
import * as queryKeys from "./query-keys.ts";
import { backWords } from "./messages/areas/back.ts";

/** The screen that Stripe's pages lead back to. */
const RETURN = "return";

/** Pauses before each look while it is not there yet; after them the person is told that it takes longer. */
const PAUSES_MS = [1_000, 1_000, 2_000, 3_000, ...Array.from({ length: 11 }, () => 5_000)];

export interface ReturnFromStripeProps {
  sessionId: string | null;
  /** What is shown beside it: the good news belongs to the screen that the person lands on, and goes with it. */
  screen?: string;
}

/**
 * Back from a hosted page: asks the server to ask Stripe, replaces the address, and says what came of it. It stays on
 * screen after the address is replaced, so render it beside the screens and not as one of them.
 */
export function ReturnFromStripe({ sessionId, screen = RETURN }: ReturnFromStripeProps) {
  const [session, setSession] = useState(sessionId);
  // A second purchase comes back with another session while this part is still on screen.
  if (sessionId !== null && sessionId !== session) setSession(sessionId);
  return session === null ? null : <Arrival key={session} session={session} screen={screen} />;
}

function Arrival({ session, screen }: { session: string; screen: string }) {
  const { messages, basePath, navigate } = useBursar(backWords);
  const words = messages.back;
  const queries = useQueryClient();
  const [leaving] = useState(recallLeaving);
  const reconcile = useReconcile(session);
  const { data: overview, refetch } = useOverview();
  const reconciled = reconcile.data;
  const hasLed = useRef(false);
  useEffect(() => {
    if (reconciled === undefined || hasLed.current) return;
    hasLed.current = true;
    queries.setQueryData(queryKeys.overview, reconciled);
    void queries.invalidateQueries({ queryKey: queryKeys.plans });
    navigate(leaving?.bought === "credits" ? `${basePath}/credits` : basePath || "/", { replace: true });
  }, [reconciled, queries, navigate, basePath, leaving]);
  const [landed, setLanded] = useState<Overview | null>(null);
  // Kept once it is there: tokens used a second later must not make the purchase look missing again.
  const arrives = reconciled !== undefined && overview !== undefined && hasArrived(leaving, overview);
  if (arrives && landed === null) setLanded(overview);
  const [looks, lookAgain] = useLooks(reconciled !== undefined && landed === null, refetch);
  const [isOver, setOver] = useState(false);
  const isWaiting = landed === null && reconcile.error === null;
  useEffect(() => {
    setArriving(isWaiting);
    return () => setArriving(false);
  }, [isWaiting]);
  if (reconcile.error !== null)
    return <Failure error={reconcile.error} retry={() => void reconcile.refetch()} />;
  if (reconciled === undefined) return <Said className="bursar-news">{words.checking}</Said>;
  if (landed !== null && overview !== undefined) {
    // For good: once the bill that was due is paid, or the next one, this is no news of it.
    if (!isOver && isPast(leaving, landed, overview)) setOver(true);
    return isOver ? null : <Landed leaving={leaving} overview={overview} screen={screen} />;
  }
  if (looks < PAUSES_MS.length)
    return (
      <Said className="bursar-news">
        {leaving?.bought === "plan" ? words.switching(leaving.planName) : words.waiting}
      </Said>
    );
  return <Late requestId={reconciled.requestId} lookAgain={lookAgain} />;
}

/** News of a plan is over when the plan is another by now, its payment is due or its next period has begun. */
const isPast = (leaving: Leaving | null, landed: Overview, now: Overview): boolean =>
  leaving?.bought !== "credits" &&
  (now.status === "past_due" || now.plan.id !== landed.plan.id || now.period.start !== landed.period.start);

function Late({ requestId, lookAgain }: { requestId: string; lookAgain: () => void }) {
  const { messages } = useBursar(backWords);
  const { late, lateNext } = messages.back;
  useSaid(`${late} ${lateNext}`);
  return (
    <div className="bursar-news">
      <p>
        <strong>{late}</strong> {lateNext}
      </p>
      {requestId === "" ? null : (
        <p className="bursar-muted">
          {messages.state.requestId} <code>{requestId}</code>
        </p>
      )}
      <button type="button" className="bursar-button" onClick={lookAgain}>
        {messages.state.checkAgain}
      </button>
    </div>
  );
}

/** Looks again and again while `isWaiting`. @returns how often it has looked, and what starts over */
function useLooks(isWaiting: boolean, look: () => Promise<unknown>): [number, () => void] {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    const pause = PAUSES_MS[looks];
    if (!isWaiting || pause === undefined) return;
    const timer = setTimeout(() => void look().finally(() => setLooks(looks + 1)), pause);
    return () => clearTimeout(timer);
  }, [isWaiting, looks, look]);
  return [looks, () => setLooks(0)];
}

interface LandedProps {
  leaving: Leaving | null;
  /** As it is now: beside it stands the same balance. */
  overview: Overview;
  screen: string;
}

/** The news takes the focus once, so that a screen reader begins with it. */
function Landed({ leaving, overview, screen }: LandedProps) {
  const { messages, format } = useBursar(backWords);
  const words = messages.back;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const [home, setHome] = useState(screen);
  const [isOld, setOld] = useState(false);
  if (home !== screen && home === RETURN) setHome(screen);
  else if (home !== screen && !isOld) setOld(true);
  if (isOld) return null;
  const isCredits = leaving?.bought === "credits";
  const balance = format.count(overview.credits.balance);
  return (
    <div className="bursar-news is-good">
      <Icon name="good" />
      <Heading depth={1} ref={heading} tabIndex={-1}>
        {isCredits ? words.credits(balance) : words.plan(overview.plan.name)}
        {isCredits ? null : <PaidInvoice />}
      </Heading>
    </div>
  );
}

/** The bill of what was just bought: the newest, once it is paid. */
function PaidInvoice() {
  const { messages, format } = useBursar(backWords);
  const { data } = useInvoices(null);
  const newest = data?.pages[0]?.data[0];
  if (newest === undefined || newest.number === null || newest.status !== "paid") return null;
  return <> {messages.back.paid(newest.number, format.money(newest.total, newest.currency))}</>;
}
