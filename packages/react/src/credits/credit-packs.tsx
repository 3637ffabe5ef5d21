import type { Overview, Pack } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useLastPurchase, usePacks } from "./use-credits.ts";
import { useOverview } from "../hooks.ts";
import { PackPayment } from "./pack-payment.tsx";
import { creditsWords } from "../messages/areas/credits.ts";
import { balanceWords } from "../messages/areas/balance.ts";

/** Packs of tokens; the one bought last is chosen to begin with, else the smallest (CR2). */
export function CreditPacks() {
  const { messages } = useBursar(creditsWords, balanceWords);
  const packs = usePacks();
  const overview = useOverview();
  const words = messages.credits;
  const error = packs.error ?? overview.error;
  if (packs.data === undefined || overview.data === undefined) {
    const retry = () => void Promise.all([packs.refetch(), overview.refetch()]);
    return <AwaitedSection heading={messages.balance.buy} rows={9} error={error} retry={retry} />;
  }
  const [first, ...others] = packs.data.data;
  return (
    <Section heading={messages.balance.buy} aside={words.vat} className="is-packs">
      {first === undefined ? (
        <p className="bursar-muted">{words.emptyPacks}</p>
      ) : (
        <PackForm packs={[first, ...others]} overview={overview.data} />
      )}
    </Section>
  );
}

function PackForm({ packs, overview }: { packs: [Pack, ...Pack[]]; overview: Overview }) {
  const { messages } = useBursar(creditsWords);
  const { data: purchases } = useLastPurchase();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const last = packs.find(({ tokens }) => tokens === purchases?.data[0]?.amount);
  const pack = packs.find(({ id }) => id === chosenId) ?? last ?? packs[0];
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend className="bursar-hidden">{messages.credits.choose}</legend>
        <div className="bursar-packs">
          {packs.map((one) => (
            <PackOption key={one.id} pack={one} checked={one === pack} onChoose={() => setChosenId(one.id)} />
          ))}
        </div>
      </fieldset>
      <PackPayment key={pack.id} pack={pack} overview={overview} />
    </form>
  );
}

function PackOption({ pack, checked, onChoose }: { pack: Pack; checked: boolean; onChoose: () => void }) {
  const { messages, format } = useBursar(creditsWords, balanceWords);
  const words = messages.credits;
  return (
    <label className="bursar-pack">
      <input type="radio" name="pack" value={pack.id} checked={checked} onChange={onChoose} />
      <span className="bursar-pack-name">
        {pack.name}
        {pack.popular ? <span className="bursar-tag is-accent">{words.popular}</span> : null}
      </span>
      <span className="bursar-pack-tokens">{messages.balance.tokens(format.count(pack.tokens))}</span>
      <span className="bursar-pack-price">{format.money(pack.price, pack.currency)}</span>
      <span className="bursar-pack-notes">
        <span>{words.perMillion(format.money(pack.pricePerMillion, pack.currency))}</span>
        {pack.savesPercent > 0 ? <strong>{words.saves(String(pack.savesPercent))}</strong> : null}
      </span>
    </label>
  );
}
