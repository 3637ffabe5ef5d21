import type { MeterReading, Overview } from "./overview.ts";

/** Something that needs attention, with the one action that solves it. */
export interface Notice {
  readonly id: string;
  readonly severity: "info" | "warning" | "critical";
  readonly title: string;
  readonly detail: string;
  readonly action: { readonly label: string; readonly href: string } | null;
}

const count = new Intl.NumberFormat("en");

/** What needs attention, the most urgent first (OV1): a failed payment, credits that are owed, reached limits, those that come near. */
export function noticesOf(overview: Overview): Notice[] {
  const notices: Notice[] = [];
  if (overview.subscription?.status === "past_due") {
    notices.push({
      id: "past_due",
      severity: "critical",
      title: "Your last payment failed",
      detail: "Your plan stays for now. Check your card with Manage payment.",
      action: null,
    });
  }
  if (overview.view.available.balance < 0) notices.push(owedNotice(overview));
  const atLimit = overview.meters.filter(
    ({ standing, used }) => used > 0 && (standing.state === "reached" || standing.state === "over"),
  );
  const near = overview.meters.filter(({ standing }) => standing.state === "warning");
  notices.push(...atLimit.map((reading) => limitNotice(overview, reading, "Limit reached")));
  notices.push(...near.map((reading) => limitNotice(overview, reading, "Approaching limit")));
  return notices;
}

/** K3: more was used than there was. What asks first is refused until something enters; what is done is recorded. */
function owedNotice({ view, plan }: Overview): Notice {
  const resetsAt = new Date(view.entitlement.window.endsAt).toISOString().slice(0, 10);
  return {
    id: "credits_owed",
    severity: "critical",
    title: "Your credits are below zero",
    detail: `${count.format(-view.available.balance)} tokens more were used than there were. New AI processing is refused until a purchase, or the allocation of ${resetsAt}, has cleared them.`,
    action:
      plan.kind === "free"
        ? { label: "See plans", href: "/settings/billing/plans" }
        : { label: "Buy credits", href: "/settings/billing/credits" },
  };
}

function limitNotice(overview: Overview, reading: MeterReading, title: string): Notice {
  const { meter, used, limit } = reading;
  const isReached = title === "Limit reached";
  return {
    id: `limit:${meter.id}`,
    severity: isReached && meter.pastLimit === "refused" ? "critical" : "warning",
    title: `${meter.name}: ${title}`,
    detail: `${quantity(meter.format, used)} of ${quantity(meter.format, limit ?? 0)} used. ${meter.limitSentence}${isReached ? "" : " at the limit"}.`,
    action: overview.plan.kind === "free" ? { label: "See plans", href: "/settings/billing/plans" } : null,
  };
}

const MIB = 1024 * 1024;

function quantity(format: "count" | "bytes", value: number): string {
  return format === "count" ? count.format(value) : `${count.format(Math.floor(value / MIB))} MiB`;
}
