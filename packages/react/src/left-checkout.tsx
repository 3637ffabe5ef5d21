import { useBursar } from "./bursar-context.ts";
import { useSaid } from "./frame/voice.tsx";
import { backWords } from "./messages/areas/back.ts";

/** Nothing was paid, and that is said; the choice is still there (RT4). */
export function LeftCheckout() {
  const { left, leftDetail } = useBursar(backWords).messages.back;
  useSaid(`${left} ${leftDetail}`);
  return (
    <div className="bursar-news">
      <p>
        <strong>{left}</strong> {leftDetail}
      </p>
    </div>
  );
}
