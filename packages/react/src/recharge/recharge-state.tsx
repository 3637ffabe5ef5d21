import type { AutoRecharge, Pack, Permission } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import type { Format } from "../format/create-format.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { Failure } from "../frame/section.tsx";
import type { Words } from "../messages/area.ts";
import { Bar } from "../usage/usage-meter.tsx";
import { useCardPage } from "./use-card-page.ts";
import { paymentWords } from "../messages/areas/payment.ts";
import { rechargeWords } from "../messages/areas/recharge.ts";

interface RechargeStateProps {
  recharge: AutoRecharge;
  packs: Pack[];
  /** Of letting it take more. */
  permission: Permission;
  /** Goes to the field of the limit, where that is on screen. */
  raise?: (() => void) | undefined;
}

/** How auto-recharge stands, in words, with the one action that solves what stands in its way. */
export function RechargeState({ recharge, packs, permission, raise }: RechargeStateProps) {
  const { messages, format, openHostedPage } = useBursar(rechargeWords);
  const words = messages.recharge;
  const { url } = recharge;
  const isWrong = ["declined", "needs_authentication", "limit_reached", "paused"].includes(recharge.state);
  return (
    <div className="bursar-facts bursar-recharge-state">
      <p>
        {isWrong ? <Icon name="warning" /> : null}{" "}
        <strong>{stateWords(recharge, packs, { words, format })}</strong>{" "}
        {recharge.state === "declined" && recharge.retryAt !== null
          ? words.retry(format.moment(recharge.retryAt))
          : null}
      </p>
      {recharge.state === "off" ? <p className="bursar-muted">{words.offHint}</p> : null}
      {recharge.often ? <p>{words.often}</p> : null}
      {recharge.updatedBy === null || recharge.updatedAt === null ? null : (
        <p className="bursar-muted">
          {words.changedBy(recharge.updatedBy, format.moment(recharge.updatedAt))}
        </p>
      )}
      {recharge.state === "needs_authentication" && url !== null ? (
        <p className="bursar-actions">
          <button type="button" className="bursar-button is-primary" onClick={() => openHostedPage(url)}>
            {words.bankAction}
          </button>
        </p>
      ) : null}
      {recharge.state === "limit_reached" ? <RaiseLimit permission={permission} raise={raise} /> : null}
      {recharge.state === "declined" ||
      (recharge.state === "paused" &&
        (recharge.pausedReason === "declined" || recharge.pausedReason === "no_payment_method")) ? (
        <CardButton label={words.updateCard} />
      ) : null}
    </div>
  );
}

/** AR6: the way to more, which is agreed to in the form. */
function RaiseLimit({ permission, raise }: Pick<RechargeStateProps, "permission" | "raise">) {
  const { messages, basePath } = useBursar(rechargeWords);
  const label = messages.recharge.raise;
  return (
    <p className="bursar-actions">
      {raise === undefined ? (
        <ActionLink label={label} permission={permission} href={`${basePath}/credits/auto-recharge#limit`} />
      ) : (
        <ActionButton label={label} permission={permission} onPress={raise} />
      )}
    </p>
  );
}

function stateWords(
  recharge: AutoRecharge,
  packs: Pack[],
  { words, format }: { words: Words<"recharge">["recharge"]; format: Format },
): string {
  const pack = packs.find(({ id }) => id === recharge.packId)?.name ?? recharge.packId;
  switch (recharge.state) {
    case "off":
      return recharge.endedReason === "plan_ended" ? words.planEnded : words.off;
    case "due":
    case "charging":
      return words.buying;
    case "declined":
      return words.declined(recharge.reason ?? "");
    case "needs_authentication":
      return words.bank(format.money(recharge.chargeTotal, recharge.currency));
    case "limit_reached":
      return words.limitReached(format.date(recharge.periodEndsAt));
    case "paused":
      return words.paused[recharge.pausedReason ?? "declined"];
    case "idle":
      return recharge.startsAfterPurchase
        ? words.afterPurchase
        : words.on(format.count(recharge.threshold), pack);
  }
}

export function CardButton({ label }: { label: string }) {
  const { messages } = useBursar(paymentWords);
  const card = useCardPage();
  return (
    <p className="bursar-actions">
      <button
        type="button"
        className="bursar-button"
        aria-disabled={card.isOpening ? "true" : undefined}
        onClick={card.isOpening ? undefined : card.open}
      >
        {card.isOpening ? messages.payment.opening : label}
      </button>
      {card.error === null ? null : <Failure error={card.error} />}
    </p>
  );
}

/** What the card has paid of the limit, over the server's dates (AR6), as meters of use are shown (M1 to M4). */
export function CapMeter({ recharge }: { recharge: AutoRecharge }) {
  const { messages, format } = useBursar(rechargeWords);
  const words = messages.recharge;
  const { spentThisPeriod: spent, spendingLimit: limit, currency } = recharge;
  const percent = limit === 0 ? 100 : Math.floor((spent * 100) / limit);
  // What is left does not pay for another pack, which is the same as reached.
  const isReached = recharge.state === "limit_reached" || percent >= 100;
  const tone = isReached ? "critical" : percent >= 80 ? "warning" : "ok";
  const amount = words.spentOf(format.money(spent, currency), format.money(limit, currency));
  const state = isReached ? words.reached : percent >= 80 ? words.near : null;
  return (
    <div className={`bursar-meter is-${tone}`}>
      <div className="bursar-meter-line">
        <span className="bursar-meter-name">{words.spent}</span>
        <span className="bursar-meter-figures">{amount}</span>
      </div>
      <div
        role="meter"
        aria-label={words.spent}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(spent, limit)}
        aria-valuetext={state === null ? amount : `${amount}, ${state}`}
      >
        <Bar fillPercent={Math.min(100, percent)} tone={tone} />
      </div>
      <p className="bursar-meter-notes">
        {state === null ? null : (
          <strong className="bursar-meter-state">
            <Icon name={tone === "warning" ? "warning" : "critical"} /> {state}
          </strong>
        )}
        <span>{words.recharges(format.counted(recharge.chargesThisPeriod))}</span>
        <span>{format.range(recharge.periodStartsAt, recharge.periodEndsAt)} (UTC)</span>
      </p>
    </div>
  );
}
