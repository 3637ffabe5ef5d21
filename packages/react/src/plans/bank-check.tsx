import type { Overview, Permission } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Link } from "../frame/link.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useNews } from "../frame/voice.tsx";
import { useUndoPendingChange } from "../hooks.ts";
import { reviewWords } from "../messages/areas/review.ts";

/** The bank's page, while a change waits for it. */
export function bankCheckOf({ notices }: Overview): string | null {
  return notices.find(({ id }) => id === "bank_check")?.action?.href ?? null;
}

/** The bank's question, with the way to answer it and the way out (PL3). */
export function BankCheck({ href, permission }: { href: string; permission: Permission }) {
  const { messages } = useBursar(reviewWords);
  const words = messages.review;
  const giveUp = useUndoPendingChange();
  const text = useNews<HTMLParagraphElement>(words.bank);
  return (
    <div className="bursar-bank">
      <p ref={text} tabIndex={-1}>
        {words.bank}
      </p>
      <p className="bursar-actions">
        <Link href={href} className="bursar-button is-primary">
          {words.bankAction}
        </Link>
        <ActionButton
          label={words.giveUp}
          busyLabel={words.givingUp}
          busy={giveUp.isPending}
          permission={permission}
          onPress={() => giveUp.mutate(undefined)}
        />
      </p>
      {giveUp.error === null ? null : <WriteFailure error={giveUp.error} />}
    </div>
  );
}
