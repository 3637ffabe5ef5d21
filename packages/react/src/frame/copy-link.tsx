import { useState } from "react";
import { useBursar } from "../bursar-context.ts";

/** For who may only look: the address of this screen, to hand to somebody who may act. */
export function CopyLink() {
  const { messages } = useBursar();
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(window.location.href).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  };
  return (
    <>
      <button type="button" className="bursar-button" onClick={copy}>
        {messages.copyLink}
      </button>{" "}
      <span role="status">{isCopied ? messages.copied : null}</span>
    </>
  );
}
