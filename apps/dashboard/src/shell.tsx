import type { Client } from "@bursar/client";
import { BillingSettings, useOverview } from "@bursar/react";
import { DemoBar } from "./demo-bar.tsx";
import { inWords } from "./instant.ts";
import { useAddress } from "./routing.ts";

const BASE_PATH = "/settings/billing";

/** The frame around the billing page where no product embeds it. */
export function Shell({ client }: { client: Client }) {
  const { path, search } = useAddress();
  const { data: overview } = useOverview();
  return (
    <>
      {overview?.mode === "test" ? <TestMode now={overview.now} /> : null}
      {overview === undefined ? null : <DemoBar client={client} />}
      <header className="shell-head">
        <a href={BASE_PATH} className="shell-mark">
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span>Bursar</span>
        </a>
        <span className="shell-viewer">{overview?.viewer.name}</span>
      </header>
      <main className="shell-main">
        <BillingSettings path={path} search={search} signedOut={<SignedOut />} />
      </main>
    </>
  );
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
