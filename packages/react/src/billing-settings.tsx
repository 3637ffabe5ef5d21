import { loadCalls, ProblemError } from "@bursar/client";
import {
  Suspense,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
  type ComponentType,
  type ReactNode,
  type SyntheticEvent,
} from "react";
import { AttentionList } from "./attention-list.tsx";
import { billingRouteOf, type BillingRoute } from "./billing-routes.ts";
import { useBursar } from "./bursar-context.ts";
import { CreditsSummary } from "./credits/credits-summary.tsx";
import { Broken } from "./frame/broken.tsx";
import { CopyButton } from "./frame/copy-button.tsx";
import { Heading } from "./frame/heading.tsx";
import { later, type Later } from "./frame/later.tsx";
import { Link } from "./frame/link.tsx";
import { OfflineBanner } from "./frame/offline-banner.tsx";
import { PartSkeleton } from "./frame/section.tsx";
import { SignedOut } from "./frame/signed-out.tsx";
import { useOverview } from "./hooks.ts";
import { PaymentSummary } from "./invoices/payment-summary.tsx";
import { PendingChange } from "./plans/pending-change.tsx";
import { PlanSummary } from "./plans/plan-summary.tsx";
import { ReturnFromPortal } from "./return-from-portal.tsx";
import { UsageMeters } from "./usage/usage-meters.tsx";

const tabs = ["overview", "usage", "credits", "invoices"] as const;
/** Screens on which a payment that is due stands in the way. */
const changeScreens: readonly string[] = ["plans", "seats", "cancel", "withdraw"];

export interface BillingSettingsProps {
  /** The address's path and query, as the host's routing has them. */
  path: string;
  search: string;
  /** What to show to somebody who is not signed in; else what the provider's slot has. */
  signedOut?: ReactNode;
}

/** The whole Settings > Billing page. */
export function BillingSettings({ path, search, signedOut }: BillingSettingsProps) {
  const { basePath, slots } = useBursar();
  const { error } = useOverview();
  // A screen whose code is still coming waits behind the one that is there, which neither flashes nor moves.
  const address = useDeferredValue(path + search);
  const [shownPath, shownSearch] = partsOf(address);
  const content = useFocusOnChange(shownPath);
  useEffect(callsAhead, []);
  if (error instanceof ProblemError && error.problem.status === 401)
    return <>{signedOut ?? slots.signedOut ?? <SignedOut />}</>;
  const screen = screenOf(path, basePath);
  const query = new URLSearchParams(search);
  return (
    <div onPointerOver={loadAhead(basePath)} onFocus={loadAhead(basePath)}>
      <Head />
      <Tabs screen={screen} />
      <OfflineBanner />
      <Suspense fallback={null}>
        <Returning sessionId={screen === "return" ? query.get("session_id") : null} screen={screen} />
        <ReturnFromPortal />
        {query.get("left") === "checkout" ? <LeftCheckout /> : null}
      </Suspense>
      <div
        ref={content}
        tabIndex={-1}
        className="bursar-screen"
        aria-busy={address === path + search ? undefined : "true"}
      >
        <Broken screen={shownPath}>
          <Suspense fallback={<PartSkeleton />}>
            <Screen screen={screenOf(shownPath, basePath)} search={shownSearch} />
          </Suspense>
        </Broken>
      </div>
      <Contacts />
      {slots.belowScreen}
    </div>
  );
}

/** Every screen makes calls of its own: none shall wait for their code. Where it cannot be had, the first call says so. */
const callsAhead = () => void loadCalls().catch(() => undefined);

const screenOf = (path: string, basePath: string): string =>
  path.slice(basePath.length).replace(/^\//, "").split("/", 2).join("/");

function partsOf(address: string): [path: string, search: string] {
  const at = address.indexOf("?");
  return at < 0 ? [address, ""] : [address.slice(0, at), address.slice(at)];
}

/** Whoever is on a link is likely to follow it: its screen is loaded meanwhile. */
const loadAhead =
  (basePath: string) =>
  ({ target }: SyntheticEvent) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link?.origin !== window.location.origin || !link.pathname.startsWith(basePath)) return;
    const screen = screens[billingRouteOf(screenOf(link.pathname, basePath))];
    if ("load" in screen) screen.load();
  };

/** A link that led to another screen is gone with the old one; then the new one takes the focus it had. */
function useFocusOnChange(path: string) {
  const content = useRef<HTMLDivElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    if (document.activeElement === document.body) content.current?.focus({ preventScroll: true });
  }, [path]);
  return content;
}

function Tabs({ screen }: { screen: string }) {
  const { messages, basePath } = useBursar();
  const [first = ""] = screen.split("/");
  const isSubScreen = changeScreens.includes(first);
  const current = tabs.find((tab) => tab === first) ?? "overview";
  return (
    <nav className="bursar-tabs" aria-label={messages.tabs.label}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          href={tab === "overview" ? basePath : `${basePath}/${tab}`}
          current={tab === current ? (isSubScreen ? "true" : "page") : undefined}
        >
          {messages.tabs[tab]}
        </Link>
      ))}
    </nav>
  );
}

/**
 * One place until the server has answered: what needs attention comes above the sections and would push their places down.
 */
function Screen({ screen, search }: { screen: string; search: string }) {
  const { data, error } = useOverview();
  const Content = screens[billingRouteOf(screen)];
  const [first = ""] = screen.split("/");
  if (data === undefined && error === null) {
    // Its code is needed next, and need not wait for the answer.
    if ("load" in Content) Content.load();
    return <PartSkeleton rows={16} />;
  }
  return (
    <>
      {changeScreens.includes(first) ? <AttentionList only={["past_due"]} /> : null}
      {screen === "" ? <AttentionList /> : null}
      {/* What was undone is news of the screen it was undone on. */}
      <PendingChange key={screen} withCancellation={first !== "cancel" && first !== ""} />
      <Content search={search} />
    </>
  );
}

/* Every screen but the first is loaded when it is shown. */
const loadChanges = () => import("./screens/changes.ts");
const loadCredits = () => import("./screens/credits.tsx");
const loadReturning = () => import("./screens/returning.ts");

type ScreenProps = { search: string };
const screens: Readonly<Record<BillingRoute, ComponentType<ScreenProps> | Later<ScreenProps>>> = {
  "": Overview,
  plans: later<ScreenProps>(() => loadChanges().then(({ PlanPicker }) => PlanPicker)),
  seats: later<ScreenProps>(() => loadChanges().then(({ SeatEditor }) => SeatEditor)),
  cancel: later<ScreenProps>(() => loadChanges().then(({ CancelPlan }) => CancelPlan)),
  withdraw: later<ScreenProps>(() => loadChanges().then(({ WithdrawFromContract }) => WithdrawFromContract)),
  usage: later<ScreenProps>(() => import("./screens/usage.tsx").then(({ Usage }) => Usage)),
  credits: later<ScreenProps>(() => loadCredits().then(({ Credits }) => Credits)),
  "credits/auto-recharge": later<ScreenProps>(() => loadCredits().then(({ AutoRecharge }) => AutoRecharge)),
  invoices: later<ScreenProps>(() =>
    import("./invoices/invoice-table.tsx").then(({ InvoiceTable }) => InvoiceTable),
  ),
};

const ReturnFromStripe = later(() => loadReturning().then(({ ReturnFromStripe }) => ReturnFromStripe));
const LeftCheckout = later(() => loadReturning().then(({ LeftCheckout }) => LeftCheckout));

/** Nothing to load where nobody comes back; once somebody did, it stays beside all screens. */
function Returning({ sessionId, screen }: { sessionId: string | null; screen: string }) {
  const [hasReturned, setReturned] = useState(sessionId !== null);
  if (sessionId !== null && !hasReturned) setReturned(true);
  return hasReturned ? <ReturnFromStripe sessionId={sessionId} screen={screen} /> : null;
}

function Overview() {
  return (
    <>
      <div className="bursar-columns">
        <PlanSummary />
        <PaymentSummary />
        <CreditsSummary />
      </div>
      <UsageMeters />
    </>
  );
}

function Head() {
  const { messages, slots } = useBursar();
  const { data: overview } = useOverview();
  return (
    <header className="bursar-page-head">
      <Heading depth={0}>{messages.billing}</Heading>
      <p className="bursar-account">{overview?.account.name ?? "\u00a0"}</p>
      {slots.besideTitle}
    </header>
  );
}

/** Who can act, for those who may only look. */
function Contacts() {
  const { messages } = useBursar();
  const { data: overview } = useOverview();
  if (overview === undefined || overview.viewer.role !== "member" || overview.contacts.length === 0)
    return null;
  const names = overview.contacts.map(({ name }) => name).join(", ");
  return (
    <p className="bursar-contacts bursar-muted">
      {messages.contacts(names)} <CopyButton label={messages.copyLink} text={() => window.location.href} />
    </p>
  );
}
