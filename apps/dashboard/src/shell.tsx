import { ProblemError, type Client } from "@bursar/client";
import { useBursar, useOverview } from "@bursar/react";
import { useEffect, type MouseEvent } from "react";
import { DemoBar } from "./demo-bar.tsx";
import { inWords } from "./instant.ts";
import { navigate, useAddress } from "./routing.ts";
import { BILLING_PATH, screenAt, screens, type Screen } from "./screens.tsx";

/** The frame around the settings where no product embeds them. */
export function Shell({ client }: { client: Client }) {
  const address = useAddress();
  const { messages } = useBursar();
  const { data: overview, error } = useOverview();
  const current = screenAt(address.path);
  const title = `${current.label(messages)} | Bursar`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const isSignedOut = error instanceof ProblemError && error.problem.status === 401;
  return (
    <>
      {overview?.mode === "test" ? <TestMode now={overview.now} /> : null}
      {overview === undefined ? null : <DemoBar client={client} />}
      <header className="shell-head">
        <a href={BILLING_PATH} className="shell-mark">
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span>Bursar</span>
        </a>
        {isSignedOut ? null : <Navigation current={current} />}
        <span className="shell-viewer">{overview?.viewer.name}</span>
      </header>
      <main className="shell-main">{isSignedOut ? <SignedOut /> : current.content(address)}</main>
    </>
  );
}

function Navigation({ current }: { current: Screen }) {
  const { messages } = useBursar();
  return (
    <nav className="shell-nav" aria-label={messages.settings.nav.label}>
      {screens.map((screen) => (
        <a
          key={screen.path}
          href={screen.path}
          aria-current={screen === current ? "page" : undefined}
          onClick={(event) => showInPlace(event, screen.path)}
        >
          {screen.label(messages)}
        </a>
      ))}
    </nav>
  );
}

/** A plain press changes only the screen; with a key held it opens a tab, as any link. */
function showInPlace(event: MouseEvent, path: string): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(path);
}

/** Says which time it is here: a test clock may be months ahead of the machine's. */
function TestMode({ now }: { now: string }) {
  return (
    <p className="shell-banner">
      Test mode: no real money moves. The account&rsquo;s time is <time dateTime={now}>{inWords(now)}</time>.
    </p>
  );
}

function SignedOut() {
  return (
    <section className="shell-signed-out">
      <h1>You are signed out</h1>
      <p>Open the sign-in link that npm start printed.</p>
      <p>It signs this browser in and brings you back to billing.</p>
    </section>
  );
}
