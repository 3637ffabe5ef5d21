import type { Overview, Pack } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure, FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useCreditsCheckout, useOverview, usePacks } from "../hooks.ts";
import { hostedReturnUrls, intentKey, isFinal, rememberLeaving } from "../leaving.ts";

/** Packs of tokens, the smallest chosen to begin with. */
export function CreditPacks() {
  const { messages } = useBursar();
  const packs = usePacks();
  const overview = useOverview();
  const words = messages.credits;
  const error = packs.error ?? overview.error;
  if (packs.data === undefined || overview.data === undefined) {
    if (error === null) return <SkeletonSection heading={words.buy} rows={5} />;
    const retry = () => void Promise.all([packs.refetch(), overview.refetch()]);
    return <FailedSection heading={words.buy} error={error} retry={retry} />;
  }
  const [first, ...others] = packs.data.data;
  return (
    <Section heading={words.buy} aside={words.vat} className="is-packs">
      {first === undefined ? (
        <p className="bursar-muted">{words.emptyPacks}</p>
      ) : (
        <PackForm packs={[first, ...others]} overview={overview.data} />
      )}
    </Section>
  );
}

function PackForm({ packs, overview }: { packs: [Pack, ...Pack[]]; overview: Overview }) {
  const { messages, format, basePath, openHostedPage } = useBursar();
  const words = messages.credits;
  const checkout = useCreditsCheckout();
  const [packId, setPackId] = useState(packs[0].id);
  const pack = packs.find(({ id }) => id === packId) ?? packs[0];
  const purchase = () => {
    const balanceBefore = overview.credits.balance;
    const intent = intentKey(`credits:${pack.id}`);
    const request = { packId: pack.id, ...hostedReturnUrls(basePath, `${basePath}/credits`) };
    checkout.mutate(
      { request, idempotencyKey: intent.key },
      {
        onSuccess: ({ url }) => {
          intent.forget();
          rememberLeaving({ bought: "credits", balanceBefore });
          openHostedPage(url);
        },
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend className="bursar-hidden">{words.choose}</legend>
        <div className="bursar-packs">
          {packs.map((one) => (
            <PackOption key={one.id} pack={one} checked={one === pack} onChoose={() => setPackId(one.id)} />
          ))}
        </div>
      </fieldset>
      <p className="bursar-actions">
        <ActionButton
          label={words.purchase(format.count(pack.tokens), format.money(pack.price, pack.currency))}
          busyLabel={messages.payment.opening}
          busy={checkout.isPending || checkout.isSuccess}
          permission={overview.can.buyCredits}
          onPress={purchase}
          primary
        />
      </p>
      {checkout.error === null ? null : <Failure error={checkout.error} />}
    </form>
  );
}

function PackOption({ pack, checked, onChoose }: { pack: Pack; checked: boolean; onChoose: () => void }) {
  const { messages, format } = useBursar();
  const words = messages.credits;
  return (
    <label className="bursar-pack">
      <input type="radio" name="pack" value={pack.id} checked={checked} onChange={onChoose} />
      <span className="bursar-pack-name">{pack.name}</span>
      <span className="bursar-pack-tokens">{words.balance(format.count(pack.tokens))}</span>
      <span className="bursar-pack-price">{format.money(pack.price, pack.currency)}</span>
      <span className="bursar-pack-notes">
        {pack.savesPercent > 0 ? <span>{words.saves(String(pack.savesPercent))}</span> : null}
        {pack.popular ? <span className="bursar-tag is-accent">{words.popular}</span> : null}
      </span>
    </label>
  );
}
