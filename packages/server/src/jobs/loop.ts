export interface Loop {
  /** Runs soon, once, however often it is asked; a run under way is followed by another. */
  kick(): void;
  /** Resolves when the run under way is over; none follows. */
  stop(): Promise<void>;
}

/** Runs `work` now and then again and again with a pause between, never twice at once. An error ends only its run. */
export function startLoop(
  work: () => Promise<void>,
  { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void },
): Loop {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isKicked = false;
  let running: Promise<void> | undefined;

  function run(): void {
    clearTimeout(timer);
    isKicked = false;
    running = work()
      .catch(onError)
      .finally(() => {
        running = undefined;
        if (isStopped) return;
        if (isKicked) run();
        else timer = setTimeout(run, everyMs);
      });
  }
  run();
  return {
    kick() {
      if (isStopped) return;
      if (running === undefined) run();
      else isKicked = true;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
