import { useEffect, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { useServerNow } from "../hooks.ts";
import { reviewWords } from "../messages/areas/review.ts";

const SECOND_MS = 1_000;

/**
 * How long the shown price holds, by the server's clock (R10). When the time is up a new one is asked for, once a quote;
 * the button beside it stays where it is, and so does the focus (PL6). It is not read out: a clock that speaks every
 * second is no help.
 */
export function PriceHeld({ expiresAt, refresh }: { expiresAt: string; refresh: () => void }) {
  const { messages, format } = useBursar(reviewWords);
  const serverNow = useServerNow();
  const leftAt = () => Math.floor((Date.parse(expiresAt) - serverNow()) / SECOND_MS);
  const [left, setLeft] = useState(leftAt);
  const look = useRef(() => undefined as void);
  const refreshed = useRef<string | null>(null);
  useEffect(() => {
    look.current = () => {
      const now = leftAt();
      setLeft(now);
      if (now > 0 || refreshed.current === expiresAt) return;
      refreshed.current = expiresAt;
      refresh();
    };
  });
  useEffect(() => {
    const timer = setInterval(() => look.current(), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="bursar-muted" role="timer" aria-live="off">
      {messages.review.held(format.clock(Math.max(0, left)))}
    </p>
  );
}
