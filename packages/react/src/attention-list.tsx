import type { Notice } from "@bursar/client";
import { useId } from "react";
import { useBursar } from "./bursar-context.ts";
import { Heading } from "./frame/heading.tsx";
import { Icon } from "./frame/icon.tsx";
import { Link } from "./frame/link.tsx";
import { useOverview } from "./hooks.ts";

/**
 * What needs the customer, the most urgent first as the server sorts it. Absent when nothing does.
 * @param only ids of notices, on a screen that the others have nothing to do with
 */
export function AttentionList({ only }: { only?: readonly string[] }) {
  const { data: overview } = useOverview();
  const notices = overview?.notices.filter(({ id }) => only === undefined || only.includes(id)) ?? [];
  return notices.length === 0 ? null : <Notices notices={notices} />;
}

function Notices({ notices }: { notices: Notice[] }) {
  const { messages, format, basePath } = useBursar();
  const headingId = useId();
  return (
    <section className="bursar-attention" aria-labelledby={headingId}>
      <Heading depth={1} id={headingId}>
        {messages.attention(format.count(notices.length))}
      </Heading>
      <ul role="list">
        {notices.map(({ id, severity, title, detail, action }) => (
          <li key={id} className={`bursar-notice is-${severity}`}>
            <Icon name={severity} />
            <div>
              <p>
                <span className="bursar-hidden">{messages.severity[severity]}: </span>
                <strong>{title}</strong>
              </p>
              <p className="bursar-muted">{detail}</p>
            </div>
            {action === null ? null : (
              <Link href={hrefHere(action.href, basePath)} className="bursar-button">
                {action.label}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The server names screens as the standalone page has them; a host may have them elsewhere. */
function hrefHere(href: string, basePath: string): string {
  return href.startsWith(STANDALONE) ? `${basePath}${href.slice(STANDALONE.length)}` : href;
}
const STANDALONE = "/settings/billing";
