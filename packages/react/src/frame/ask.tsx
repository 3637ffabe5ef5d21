import { useEffect, useRef, type ReactNode } from "react";

/**
 * What a press means, before it is done; the way back weighs the same. It takes the focus of the button that asked, which
 * has it again when it is closed (`useFocusBack`).
 * @param children the button that does it
 */
export function Ask({
  means,
  children,
  keep,
  onKeep,
  failure,
}: {
  means: string;
  children: ReactNode;
  keep: string;
  onKeep: () => void;
  failure: ReactNode;
}) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  return (
    <div className="bursar-ask">
      <p ref={text} tabIndex={-1}>
        {means}
      </p>
      <p className="bursar-actions">
        {children}
        <button type="button" className="bursar-button" onClick={onKeep}>
          {keep}
        </button>
      </p>
      {failure}
    </div>
  );
}
