import type { MouseEvent, ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";

export interface LinkProps {
  href: string;
  className?: string;
  /** `page` is this screen, `true` one that this screen belongs to. */
  current?: "page" | "true" | undefined;
  children: ReactNode;
}

/** A real link, so that it opens in a new tab too; a plain press on one of our screens changes only the screen. */
export function Link({ href: to, className, current, children }: LinkProps) {
  const { basePath, navigate, linkComponent: HostLink } = useBursar();
  // The page is the whole host.
  const href = to || "/";
  if (HostLink !== null)
    return (
      <HostLink href={href} className={className} aria-current={current}>
        {children}
      </HostLink>
    );
  const onClick = (event: MouseEvent) => {
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || !href.startsWith(basePath || "/")) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} className={className} onClick={onClick} aria-current={current}>
      {children}
    </a>
  );
}
