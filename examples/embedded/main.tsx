/*
 * A product of its own with the billing page in its settings: the whole page at /settings/billing, and one part by itself
 * at the side. Its backend hands out session tokens; Bursar runs elsewhere.
 */
import { renewingToken, type SessionToken } from "@bursar/client";
import { BillingSettings, BursarProvider, UsageMeters } from "@bursar/react";
import "@bursar/react/styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import "./studio.css";

const bursarUrl = document.querySelector<HTMLMetaElement>("meta[name=bursar-url]")?.content ?? "";
const token = renewingToken(async () => {
  const response = await fetch("/billing-token", { method: "POST" });
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  return (await response.json()) as SessionToken;
});
const queries = new QueryClient();

const MOVED = "studio:moved";

/** Whatever routing a product has, this is all that the page asks of it. */
function navigate(href: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", href);
  else window.history.pushState(null, "", href);
  window.dispatchEvent(new Event(MOVED));
}

function useAddress(): string {
  const subscribe = (onChange: () => void) => {
    window.addEventListener("popstate", onChange);
    window.addEventListener(MOVED, onChange);
    return () => {
      window.removeEventListener("popstate", onChange);
      window.removeEventListener(MOVED, onChange);
    };
  };
  return useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
}

function Studio() {
  const address = new URL(useAddress(), window.location.origin);
  return (
    <BursarProvider baseUrl={bursarUrl} token={token} basePath="/settings/billing" navigate={navigate}>
      <div className="studio">
        <aside>
          <p className="studio-mark">Studio</p>
          <UsageMeters />
        </aside>
        <main>
          <BillingSettings
            path={address.pathname}
            search={address.search}
            signedOut={<p>Sign in to Studio.</p>}
          />
        </main>
      </div>
    </BursarProvider>
  );
}

const root = document.getElementById("studio");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Studio />
      </QueryClientProvider>
    </StrictMode>,
  );
