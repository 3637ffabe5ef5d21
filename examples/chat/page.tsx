/* The chat, with what is left beside it, and the billing page in its settings. */
import { renewingToken, type SessionToken } from "@bursar/client";
import { BillingSettings, BursarProvider, CreditsSummary, UsageMeters } from "@bursar/react";
import "@bursar/react/styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat.tsx";
import "./chat.css";

const bursarUrl = document.querySelector<HTMLMetaElement>("meta[name=bursar-url]")?.content ?? "";
const token = renewingToken(async () => {
  const response = await fetch("/billing-token", { method: "POST" });
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  return (await response.json()) as SessionToken;
});
const queries = new QueryClient();
const MOVED = "parrot:moved";

/** Whatever routing a product has, this is all that the billing page asks of it. */
function navigate(href: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", href);
  else window.history.pushState(null, "", href);
  window.dispatchEvent(new Event(MOVED));
}

function useAddress(): URL {
  const [address, setAddress] = useState(window.location.href);
  useEffect(() => {
    const follow = () => setAddress(window.location.href);
    for (const name of ["popstate", MOVED]) window.addEventListener(name, follow);
    return () => {
      for (const name of ["popstate", MOVED]) window.removeEventListener(name, follow);
    };
  }, []);
  return new URL(address);
}

function Parrot() {
  const { pathname, search } = useAddress();
  const isBilling = pathname.startsWith("/settings/billing");
  return (
    <BursarProvider baseUrl={bursarUrl} token={token} basePath="/settings/billing" navigate={navigate}>
      <nav className="parrot-bar" aria-label="Parrot">
        <strong>Parrot</strong>
        <Link href="/" isHere={!isBilling}>
          Chat
        </Link>
        <Link href="/settings/billing" isHere={isBilling}>
          Billing
        </Link>
      </nav>
      {/* The chat stays while one looks at Billing; only the address has changed. */}
      <div className="parrot" hidden={isBilling}>
        <Chat navigate={navigate} />
        <aside aria-label="What is left">
          <UsageMeters />
          <CreditsSummary />
        </aside>
      </div>
      {isBilling ? (
        <main>
          <BillingSettings path={pathname} search={search} />
        </main>
      ) : null}
    </BursarProvider>
  );
}

function Link({ href, isHere, children }: { href: string; isHere: boolean; children: string }) {
  return (
    <a
      href={href}
      aria-current={isHere ? "page" : undefined}
      onClick={(event) => {
        event.preventDefault();
        navigate(href);
      }}
    >
      {children}
    </a>
  );
}

const root = document.getElementById("parrot");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Parrot />
      </QueryClientProvider>
    </StrictMode>,
  );
