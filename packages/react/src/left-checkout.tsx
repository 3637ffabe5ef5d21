import { useBursar } from "./bursar-context.ts";
import { backWords } from "./messages/areas/back.ts";

/** Nothing was paid, and that is said; the choice is still there (RT4). */
export function LeftCheckout() {
  const { messages } = useBursar(backWords);
  return (
    <div className="bursar-news" role="status">
      <p>
        <strong>{messages.back.left}</strong> {messages.back.leftDetail}
      </p>
    </div>
  );
}
