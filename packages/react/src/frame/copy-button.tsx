import { useState } from "react";
import { useBursar } from "../bursar-context.ts";

/** Hands a text to the clipboard, and says so. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const { messages, say } = useBursar();
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text()).then(
      () => {
        setIsCopied(true);
        say(messages.copied);
      },
      () => setIsCopied(false),
    );
  };
  return (
    <>
      <button type="button" className="bursar-button" onClick={copy}>
        {label}
      </button>{" "}
      <span>{isCopied ? messages.copied : null}</span>
    </>
  );
}
