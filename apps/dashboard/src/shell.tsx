import { ProblemError, type Client } from "@bursar/client";
import { AccountMenu, settingsWords, SignIn, useBursar, useOverview } from "@bursar/react";
import { Suspense, useEffect, type MouseEvent, type ReactNode } from "react";
import { DemoBar } from "./demo-bar.tsx";
import { languages, type Language } from "./language.ts";
import { navigate, useAddress } from "./routing.ts";
import { BILLING_PATH, screenAt, screens, type Screen } from "./screens.tsx";

interface ShellProps {
  client: Client;
  language: Language;
  choose: (language: Language) => void;
}

/** The frame around the settings where no product embeds them. */
export function Shell({ client, language, choose }: ShellProps) {
  const address = useAddress();
  const { messages } = useBursar(settingsWords);
  const { data: overview, error } = useOverview();
  const current = screenAt(address.path);
  const title = `${current.label(messages)} | Bursar`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.documentElement.lang = messages.language;
  }, [messages.language]);
  const isSignedOut = error instanceof ProblemError && error.problem.status === 401;
  return (
    <>
      {(overview?.mode ?? modeOfPage()) === "test" ? (
        <TestMode now={isSignedOut ? null : overview?.now} />
      ) : null}
      {overview === undefined || !isDemo() ? null : (
        <Suspense fallback={null}>
          <DemoBar client={client} />
        </Suspense>
      )}
      <header className="shell-head">
        <Mark />
        {isSignedOut ? null : <Navigation current={current} />}
        {isSignedOut ? null : <AccountMenu />}
      </header>
      <main className="shell-main">
        {isSignedOut ? (
          <SignIn
            next={address.path + address.search}
            hasEnded={overview !== undefined || error.problem.reason === "session_ended"}
          />
        ) : (
          current.content(address)
        )}
      </main>
      <Languages {...{ language, choose }} />
    </>
  );
}

/** The frame of the screens for who is not signed in. */
export function DoorShell({
  language,
  choose,
  children,
}: Omit<ShellProps, "client"> & { children: ReactNode }) {
  const { messages } = useBursar(settingsWords);
  useEffect(() => {
    document.documentElement.lang = messages.language;
  }, [messages.language]);
  return (
    <>
      <header className="shell-head">
        <Mark />
      </header>
      <main className="shell-main">{children}</main>
      <Languages {...{ language, choose }} />
    </>
  );
}

function Mark() {
  return (
    <a href={BILLING_PATH} className="shell-mark">
      <MarkSign />
      <span>Bursar</span>
    </a>
  );
}

/** As in public/mark.svg; here it is no request of its own. */
function MarkSign() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#2554c7" />
      <path
        d="M10 7.5h7a4.4 4.4 0 0 1 1.9 8.3a4.7 4.7 0 0 1-1.4 8.7H10Zm4 3.7v3.3h2.6a1.65 1.65 0 0 0 0-3.3Zm0 6.6V21h3a1.6 1.6 0 0 0 0-3.2Z"
        fill="#fff"
        fillRule="evenodd"
      />
    </svg>
  );
}

function Navigation({ current }: { current: Screen }) {
  const { messages } = useBursar(settingsWords);
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

/** As the server wrote it into the page: the place of the banner is kept before any answer is there. */
function modeOfPage(): string | undefined {
  return document.documentElement.dataset["mode"];
}

/** The same of the demo, which alone is asked for its state. */
function isDemo(): boolean {
  return document.documentElement.dataset["demo"] !== undefined;
}

/**
 * Says which time it is here: a test clock may be months ahead of the machine's.
 * @param now undefined while it is asked for, which keeps its place; `null`: nobody's account has one
 */
function TestMode({ now }: { now: string | null | undefined }) {
  const { messages, format } = useBursar(settingsWords);
  const words = messages.settings.shell;
  return (
    <p className="shell-banner">
      <span>{words.testMode}</span>{" "}
      {now === null ? null : (
        <time dateTime={now}>{now === undefined ? "\u00a0" : words.accountTime(format.moment(now))}</time>
      )}
    </p>
  );
}

/** Each language by its own name, for who cannot read the one that is on. */
function Languages({ language, choose }: Omit<ShellProps, "client">) {
  const words = useBursar(settingsWords).messages.settings.shell;
  return (
    <footer className="shell-foot">
      <p role="group" aria-label={words.language}>
        {languages.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            lang={id}
            aria-pressed={id === language ? "true" : "false"}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        ))}
      </p>
    </footer>
  );
}
