/**
 * Lets runs of one key follow each other in this process, and never overlap. Who asks while one is under way gets the
 * run after it, together with everybody else who asked meanwhile: a run that began before the question may have read
 * its facts before what the question is about. So twenty returns at once cost two runs and not twenty that undo each other.
 */
export function shareRuns<Result>(work: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const running = new Map<string, Promise<Result>>();
  const following = new Map<string, Promise<Result>>();

  function start(key: string): Promise<Result> {
    const run = work(key).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  }
  return (key) => {
    const next = following.get(key);
    if (next !== undefined) return next;
    const current = running.get(key);
    if (current === undefined) return start(key);
    const after = () => {
      following.delete(key);
      return start(key);
    };
    // Whether the run under way succeeded is told to those who asked for it.
    const promise = current.then(after, after);
    following.set(key, promise);
    return promise;
  };
}
