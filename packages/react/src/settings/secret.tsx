import { useEffect, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { keysWords } from "../messages/areas/keys.ts";

/** What is told this once, and a way to take it along. It takes the focus, because nothing else shows it again. */
export function Secret({ sentence, secret }: { sentence: string; secret: string }) {
  const { messages } = useBursar(keysWords);
  const [isCopied, setIsCopied] = useState(false);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => said.current?.focus(), [secret]);
  const copy = () => {
    void navigator.clipboard.writeText(secret).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  };
  return (
    <div className="bursar-secret">
      <p ref={said} tabIndex={-1}>
        {sentence}
      </p>
      <code>{secret}</code>
      <button type="button" className="bursar-button" onClick={copy}>
        {messages.keys.copy}
      </button>
      <span role="status">{isCopied ? messages.keys.copied : null}</span>
    </div>
  );
}
