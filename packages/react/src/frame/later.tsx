import { use, type ComponentType, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";

export interface Later<Props> {
  (props: Props): ReactNode;
  /** Begins to load, for who is about to show it. */
  load: () => void;
}

/**
 * A part whose code comes when it is first shown; until then it suspends. Where the code cannot be had (no connection, a
 * new version of the page) it says so in its place, and the rest of the page works on.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  let coming: Promise<ComponentType<Props>> | undefined;
  let here: ComponentType<Props> | undefined;
  const begin = () =>
    (coming ??= load()
      .catch(() => NotLoaded)
      .then((part) => (here = part)));
  function Later(props: Props) {
    const Part = here ?? use(begin());
    return <Part {...props} />;
  }
  return Object.assign(Later, { load: () => void begin() });
}

/** A browser asks for a script that failed only once, so that another try is the whole page once more. */
export function NotLoaded() {
  const { messages } = useBursar();
  return (
    <div className="bursar-failure" role="alert">
      <p>{messages.state.failed}</p>
      <button type="button" className="bursar-button" onClick={() => window.location.reload()}>
        {messages.state.tryAgain}
      </button>
    </div>
  );
}
