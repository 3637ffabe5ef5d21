import type { Overview, Pack } from "@bursar/client";
import { useEffect, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { cardName } from "../format/brand.ts";
import { ActionButton } from "../frame/action.tsx";
import { Link } from "../frame/link.tsx";
import { AwaitedSection, Doubt, Section, WriteFailure } from "../frame/section.tsx";
import { useSaid } from "../frame/voice.tsx";
import { usePacks } from "../credits/use-credits.ts";
import { useOverview } from "../hooks.ts";
import { useSaveAutoRecharge } from "./use-recharge.ts";
import { consentOf, draftOf, readDraft, startsBelow, type Draft } from "./draft.ts";
import { forgetDraft, keepDraft, recallDraft } from "./kept-draft.ts";
import { RechargeFields } from "./recharge-fields.tsx";
import { CapMeter, CardButton, RechargeState } from "./recharge-state.tsx";
import { TurnOff } from "./turn-off.tsx";
import { creditsWords } from "../messages/areas/credits.ts";
import { rechargeWords } from "../messages/areas/recharge.ts";

/** What auto-recharge may do. Off until a person turns it on here (R9); the sentence above the button is the consent. */
export function AutoRechargeForm() {
  const { messages } = useBursar(creditsWords, rechargeWords);
  const overview = useOverview();
  const packs = usePacks();
  const words = messages.recharge;
  const error = packs.error ?? overview.error;
  if (packs.data === undefined || overview.data === undefined) {
    const retry = () => void Promise.all([packs.refetch(), overview.refetch()]);
    return <AwaitedSection heading={words.heading} rows={8} error={error} retry={retry} />;
  }
  const [first, ...others] = packs.data.data;
  if (first === undefined)
    return (
      <Section heading={words.heading}>
        <p className="bursar-muted">{messages.credits.emptyPacks}</p>
      </Section>
    );
  return <Form overview={overview.data} packs={[first, ...others]} />;
}

function Form({ overview, packs }: { overview: Overview; packs: [Pack, ...Pack[]] }) {
  const { messages, format, basePath } = useBursar(rechargeWords);
  const words = messages.recharge;
  const recharge = overview.credits.autoRecharge;
  const [edited, setEdited] = useState<Draft | null>(() =>
    typeof window === "undefined" ? null : recallDraft(),
  );
  const [news, setNews] = useState<string | null>(null);
  useSaid(news);
  const [isChecked, setIsChecked] = useState(false);
  const fields = useRef<HTMLFieldSetElement>(null);
  const toLimit = () => fields.current?.querySelector<HTMLInputElement>("[name=limit]")?.select();
  useEffect(() => {
    // Whoever came to raise the limit is at its field.
    if (window.location.hash === "#limit") toLimit();
  }, []);
  const draft = edited ?? draftOf(recharge, format);
  const { values, mistakes } = readDraft(draft, { packs, currency: recharge.currency }, { format, messages });
  const save = useSaveAutoRecharge(() => {
    setEdited(null);
    setIsChecked(false);
    forgetDraft();
    setNews(words.savedOn);
  });
  const card = overview.paymentMethod;
  const edit = (next: Draft) => {
    setEdited(next);
    setNews(null);
    keepDraft(next);
  };
  const press = (start: "now" | "after_next_purchase") => {
    setIsChecked(true);
    if (values === null) {
      const name = mistakes.threshold === undefined ? "limit" : "threshold";
      fields.current?.querySelector<HTMLElement>(`[name=${name}]`)?.focus();
      return;
    }
    const { threshold, pack, spendingLimit } = values;
    const change = { enabled: true, threshold, packId: pack.id, spendingLimit };
    // Who only changes it has not said when to start: what waits for the next purchase goes on waiting.
    save.mutate(begins ? { ...change, start } : change);
  };
  const begins = !recharge.enabled || recharge.state === "paused";
  const isBelow = begins && values !== null && startsBelow(values, overview.credits.balance);
  const price = values === null ? "" : format.money(values.pack.price, values.pack.currency);
  // Raised above the balance while it is on, the server charges at once, so the button says that too (R2).
  const savingPays =
    recharge.state === "idle" &&
    !recharge.startsAfterPurchase &&
    values !== null &&
    startsBelow(values, overview.credits.balance);
  const deed = isBelow
    ? words.payNow(price)
    : savingPays
      ? words.saveAndPay(price)
      : recharge.state === "paused"
        ? words.turnOnAgain
        : recharge.enabled
          ? words.save
          : words.turnOn;
  const permission = overview.can.autoRecharge;
  return (
    <Section heading={words.heading} className="is-recharge">
      <RechargeState recharge={recharge} packs={packs} permission={permission} raise={toLimit} />
      {recharge.enabled ? <CapMeter recharge={recharge} /> : null}
      <form className="bursar-recharge" onSubmit={(event) => event.preventDefault()} noValidate>
        <RechargeFields
          {...{ fields, draft, edit, packs, recharge }}
          interval={overview.interval ?? "month"}
          mistakes={isChecked || edited !== null ? mistakes : {}}
        />
        <p className="bursar-consent">
          {values === null
            ? words.consentMissing
            : consentOf(
                values,
                {
                  card: card === null ? "" : cardName(card),
                  endsAt: recharge.periodEndsAt,
                  interval: overview.interval ?? "month",
                },
                { format, messages },
              )}
        </p>
        <p className="bursar-actions">
          <ActionButton
            label={deed}
            busyLabel={words.saving}
            busy={save.isPending}
            permission={permission}
            onPress={() => press("now")}
            primary
          />
          {isBelow && permission.allowed ? (
            <ActionButton
              label={words.later}
              busy={save.isPending}
              permission={permission}
              onPress={() => press("after_next_purchase")}
            />
          ) : null}
          <TurnOff overview={overview} onSuccess={() => setNews(null)} />
          <Link href={`${basePath}/credits`} className="bursar-button is-quiet">
            {words.back}
          </Link>
        </p>
        {card === null && overview.can.managePayment.allowed ? <CardButton label={words.addCard} /> : null}
        <Doubt of={save} />
        {news === null ? null : <p className="bursar-recharge-news">{news}</p>}
        {save.error === null || save.isPending ? null : <WriteFailure error={save.error} />}
      </form>
    </Section>
  );
}
