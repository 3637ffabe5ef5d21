import type { Client } from "@bursar/client";
import { useMemo, type ReactNode } from "react";
import { BursarContext, type BursarContextValue } from "./bursar-context.ts";
import { createFormat } from "./format/create-format.ts";
import { usableLocale } from "./format/locale.ts";
import { useLiveBilling } from "./hooks.ts";
import type { Messages } from "./messages/english.ts";
import { useMessages } from "./messages/use-messages.ts";

export interface BursarProviderProps {
  client: Client;
  /** The browser's when left out. German for `de` and its regions, else English. */
  locale?: string;
  /** Other words, or the locale's own at once: without them those of another language than English are fetched. */
  messages?: Messages;
  basePath?: string;
  /** How the host changes screens; full page loads when left out. */
  navigate?: BursarContextValue["navigate"];
  openHostedPage?: (url: string) => void;
  children: ReactNode;
}

const loadPage: BursarContextValue["navigate"] = (href, options) =>
  options?.replace === true ? window.location.replace(href) : window.location.assign(href);

const leave = (url: string) => window.location.assign(url);

/** What all parts need. Stands below TanStack Query's QueryClientProvider. */
export function BursarProvider(props: BursarProviderProps) {
  const { client, basePath = "/settings/billing" } = props;
  const { navigate = loadPage, openHostedPage = leave } = props;
  const locale = usableLocale(props.locale);
  const messages = useMessages(props.messages, locale);
  const language = messages?.language;
  const format = useMemo(() => createFormat(locale, language), [locale, language]);
  const value = useMemo(
    () => (messages === null ? null : { client, format, messages, basePath, navigate, openHostedPage }),
    [client, format, messages, basePath, navigate, openHostedPage],
  );
  if (value === null) return <div className="bursar" aria-busy="true" />;
  return (
    <BursarContext value={value}>
      <Live />
      <div className="bursar" lang={value.messages.language}>
        {props.children}
      </div>
    </BursarContext>
  );
}

/** One stream for all parts below a provider, so that each is live by itself too. */
function Live() {
  useLiveBilling();
  return null;
}
