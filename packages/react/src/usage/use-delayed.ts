import { useEffect, useState } from "react";

/** The page looks every minute; what is this old has missed many looks. */
const DELAYED_MS = 15 * 60_000;

/** Whether the answer is so old that it must be said (M4): the stream was cut, and nothing was answered since. */
export function useDelayed(answeredAt: number): boolean {
  const [delayedOf, setDelayedOf] = useState<number | null>(null);
  useEffect(() => {
    if (answeredAt === 0) return;
    const timer = setTimeout(() => setDelayedOf(answeredAt), answeredAt + DELAYED_MS - Date.now());
    return () => clearTimeout(timer);
  }, [answeredAt]);
  return delayedOf === answeredAt && answeredAt !== 0;
}
