import type { MailWords } from "../outbox/kind.ts";

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Why somebody gets a mail, and how they stop it; shown below a line. */
export interface Footer {
  readonly reason: string;
  readonly unsubscribe: { readonly label: string; readonly url: string } | null;
}

/** Text and plain HTML that say the same: no picture, no style, nothing loaded from elsewhere. */
export function renderMail(
  { subject, lines, action }: MailWords,
  { publicUrl, footer }: { publicUrl: string; footer: Footer },
): RenderedMail {
  const href = action === null ? null : new URL(action.href, publicUrl).href;
  const { reason, unsubscribe } = footer;
  const text = [
    ...lines,
    ...(action === null || href === null ? [] : [`${action.label}: ${href}`]),
    ["--", reason, ...(unsubscribe === null ? [] : [`${unsubscribe.label}: ${unsubscribe.url}`])].join("\n"),
  ].join("\n\n");
  const link = (url: string, label: string) => `<a href="${escape(url)}">${escape(label)}</a>`;
  const html = [
    ...lines.map((line) => `<p>${escape(line)}</p>`),
    ...(action === null || href === null ? [] : [`<p>${link(href, action.label)}</p>`]),
    `<hr><p><small>${escape(reason)}${unsubscribe === null ? "" : ` ${link(unsubscribe.url, unsubscribe.label)}`}</small></p>`,
  ].join("\n");
  // A header ends at a line's end.
  return { subject: subject.replaceAll(/\p{Cc}+/gu, " ").slice(0, SUBJECT_MAX), text: `${text}\n`, html };
}

const SUBJECT_MAX = 200;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
