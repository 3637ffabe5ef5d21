/**
 * Resolves when all that has arrived by now has been heard. Who gathers work waits for it: a server hears its requests
 * one by one, each to the end of what it can do at once, and on the embedded database, which answers without a pause,
 * that is everything. It is no timer: an idle server goes on in some microseconds.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
