import { ProblemError } from "@bursar/client";
import { useEffect, useRef, type ReactNode } from "react";
import { AttentionList } from "./attention-list.tsx";
import { billingRouteOf, type BillingRoute } from "./billing-routes.ts";
import { useBursar } from "./bursar-context.ts";
import { CreditHistory } from "./credits/credit-history.tsx";
import { CreditPacks } from "./credits/credit-packs.tsx";
import { CreditsSummary } from "./credits/credits-summary.tsx";
import { CopyLink } from "./frame/copy-link.tsx";
import { Heading } from "./frame/heading.tsx";
import { Link } from "./frame/link.tsx";
import { OfflineBanner } from "./frame/offline-banner.tsx";
import { useOverview } from "./hooks.ts";
import { InvoiceTable } from "./invoices/invoice-table.tsx";
import { PaymentSummary } from "./invoices/payment-summary.tsx";
import { CancelPlan } from "./plans/cancel-plan.tsx";
import { PendingChange } from "./plans/pending-change.tsx";
import { PlanPicker } from "./plans/plan-picker.tsx";
import { PlanSummary } from "./plans/plan-summary.tsx";
import { AutoRechargeForm } from "./recharge/auto-recharge-form.tsx";
import { AutoRechargeSummary } from "./recharge/auto-recharge-summary.tsx";
import { RechargeLog } from "./recharge/recharge-log.tsx";
import { SeatEditor } from "./seats/seat-editor.tsx";
import { ReturnFromPortal } from "./return-from-portal.tsx";
import { ReturnFromStripe } from "./return-from-stripe.tsx";
import { UsageChart } from "./usage/usage-chart.tsx";
import { UsageMeters } from "./usage/usage-meters.tsx";

const tabs = ["overview", "usage", "credits", "invoices"] as const;
/** Screens on which a payment that is due stands in the way. */
const changeScreens: readonly string[] = ["plans", "seats", "cancel"];

export interface BillingSettingsProps {
  /** The address's path and query, as the host's routing has them. */
  path: string;
  search: string;
  /** What to show to somebody who is not signed in; else what the provider's slot has. */
  signedOut?: ReactNode;
}

/** The whole Settings > Billing page. */
export function BillingSettings({ path, search, signedOut }: BillingSettingsProps) {
  const { messages, basePath, slots } = useBursar();
  const { data: overview, error } = useOverview();
  const [, screen = "", part] = path.slice(basePath.length).split("/");
  const content = useFocusOnChange(path);
  if (error instanceof ProblemError && error.problem.status === 401)
    return <>{signedOut ?? slots.signedOut ?? <p>{messages.state.signedOut}</p>}</>;
  const query = new URLSearchParams(search);
  return (
    <>
      <header className="bursar-page-head">
        <Heading depth={0}>{messages.billing}</Heading>
        <p className="bursar-account">{overview?.account.name ?? "\u00a0"}</p>
        {slots.besideTitle}
      </header>
      <Tabs screen={screen} />
      <OfflineBanner />
      <ReturnFromStripe
        sessionId={screen === "return" ? query.get("session_id") : null}
        screen={part === undefined ? screen : `${screen}/${part}`}
      />
      <ReturnFromPortal />
      {query.get("left") === "checkout" ? <LeftCheckout /> : null}
      <div ref={content} tabIndex={-1} className="bursar-screen">
        {changeScreens.includes(screen) ? <AttentionList only={["past_due"]} /> : null}
        {screen === "" ? <AttentionList /> : null}
        <PendingChange withCancellation={screen !== "cancel" && screen !== ""} />
        <Screen screen={part === undefined ? screen : `${screen}/${part}`} search={search} />
      </div>
      <Contacts />
      {slots.belowScreen}
    </>
  );
}

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
  const isSubScreen = changeScreens.includes(screen);
  const current = tabs.find((tab) => tab === screen) ?? "overview";
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

function Screen({ screen, search }: { screen: string; search: string }) {
  const Content = screens[billingRouteOf(screen)];
  return <Content search={search} />;
}

const screens: Readonly<Record<BillingRoute, (props: { search: string }) => ReactNode>> = {
  "": Overview,
  plans: PlanPicker,
  seats: SeatEditor,
  cancel: CancelPlan,
  usage: Usage,
  credits: Credits,
  "credits/auto-recharge": AutoRecharge,
  invoices: InvoiceTable,
};

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

function Usage({ search }: { search: string }) {
  const { messages } = useBursar();
  return (
    <>
      <UsageChart search={search} />
      <UsageMeters heading={messages.usage.all} />
    </>
  );
}

function Credits() {
  return (
    <>
      <CreditsSummary withAction={false} />
      <CreditPacks />
      <AutoRechargeSummary />
      <CreditHistory />
    </>
  );
}

function AutoRecharge() {
  return (
    <>
      <AutoRechargeForm />
      <RechargeLog />
    </>
  );
}

function LeftCheckout() {
  const { messages } = useBursar();
  return (
    <div className="bursar-news" role="status">
      <p>
        <strong>{messages.back.left}</strong> {messages.back.leftDetail}
      </p>
    </div>
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
      {messages.contacts(names)} <CopyLink />
    </p>
  );
}
