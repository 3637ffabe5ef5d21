import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { CopyButton } from "../frame/copy-button.tsx";
import { keysWords } from "../messages/areas/keys.ts";

/** What is told this once, and a way to take it along. It takes the focus, because nothing else shows it again. */
export function Secret({ sentence, secret }: { sentence: string; secret: string }) {
  const { messages } = useBursar(keysWords);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => said.current?.focus(), [secret]);
  return (
    <div className="bursar-secret">
      <p ref={said} tabIndex={-1}>
        {sentence}
      </p>
      <code>{secret}</code>
      <CopyButton label={messages.keys.copy} text={() => secret} />
    </div>
  );
}
