import type { Overview } from "@bursar/client";
import { useBursar } from "./bursar-context.ts";
import { brandName } from "./format/brand.ts";
import { Icon } from "./frame/icon.tsx";
import { useSaid } from "./frame/voice.tsx";
import { backWords } from "./messages/areas/back.ts";

/** Which card pays from now on (RT4). */
export function CardNews({ card }: { card: NonNullable<Overview["paymentMethod"]> }) {
  const { messages } = useBursar(backWords);
  const sentence = messages.back.card(brandName(card.brand), card.last4);
  useSaid(sentence);
  return (
    <p className="bursar-news is-good">
      <Icon name="good" /> {sentence}
    </p>
  );
}
