import { createClientInParts, type Client, type ClientOptions } from "@bursar/client";
import { useEffect, useMemo, useRef, type ComponentType, type ReactNode, type RefObject } from "react";
import {
  BursarContext,
  type BursarContextValue,
  type HeadingLevel,
  type LinkComponentProps,
  type Slots,
} from "./bursar-context.ts";
import { createFormat } from "./format/create-format.ts";
import { usableLocale } from "./format/locale.ts";
import { useKeptFocus } from "./frame/use-kept-focus.ts";
import { useVoice } from "./frame/voice.tsx";
import { useLiveBilling } from "./hooks.ts";
import type { Messages } from "./messages/english.ts";
import { useMessages } from "./messages/use-messages.ts";

interface CommonProps {
  /** The browser\'s when left out. German for `de` and its regions, else English. */
  locale?: string;
  /** Other words, or the locale's own at once: without them those of another language than English are fetched. */
  messages?: Messages;
  basePath?: string;
  /** How the host changes screens; full page loads when left out. */
  navigate?: BursarContextValue["navigate"];
  openHostedPage?: (url: string) => void;
  linkComponent?: ComponentType<LinkComponentProps>;
  headingLevel?: HeadingLevel;
  slots?: Slots;
  children: ReactNode;
}

/** A client, or what one is made of: where Bursar answers, and the session token or what gives a current one. */
export type BursarProviderProps = CommonProps &
  ({ client: Client } | { client?: undefined; baseUrl?: string; token?: ClientOptions["token"] });

const loadPage: BursarContextValue["navigate"] = (href, options) =>
  options?.replace === true ? window.location.replace(href) : window.location.assign(href);

const leave = (url: string) => window.location.assign(url);

const noSlots: Slots = {};

/** What all parts need. Stands below TanStack Query's QueryClientProvider. */
export function BursarProvider(props: BursarProviderProps) {
  const { slots = noSlots } = props;
  // Screens are named below it, so that a slash at its end would be one too many.
  const basePath = (props.basePath ?? "/settings/billing").replace(/\/+$/, "");
  const { navigate = loadPage, openHostedPage = leave, linkComponent = null, headingLevel = 1 } = props;
  const client = useClient(props);
  const locale = usableLocale(props.locale);
  const messages = useMessages(props.messages, locale);
  const language = messages?.language;
  const format = useMemo(() => createFormat(locale, language), [locale, language]);
  const [region, say] = useVoice();
  const frame = useMemo(
    () => ({ linkComponent, headingLevel, slots, say }),
    [linkComponent, headingLevel, slots, say],
  );
  const value = useMemo(
    () =>
      messages === null ? null : { client, format, messages, basePath, navigate, openHostedPage, ...frame },
    [client, format, messages, basePath, navigate, openHostedPage, frame],
  );
  const root = useRef<HTMLDivElement>(null);
  useThemeCheck(root, messages !== null);
  useKeptFocus(root, messages !== null);
  if (value === null) return <div className="bursar" aria-busy="true" />;
  return (
    <BursarContext value={value}>
      <Live />
      <div ref={root} className="bursar" lang={value.messages.language}>
        <div ref={region} className="bursar-hidden" role="status" aria-atomic="false" />
        {props.children}
      </div>
    </BursarContext>
  );
}

/** One client as long as the address stays, however often a host hands in a new function for the token. */
function useClient(props: BursarProviderProps): Client {
  const { baseUrl, token } = props.client === undefined ? props : {};
  const latest = useRef(token);
  useEffect(() => {
    latest.current = token;
  }, [token]);
  const hasToken = token !== undefined;
  const own = useMemo(() => {
    const current = () => (typeof latest.current === "function" ? latest.current() : (latest.current ?? ""));
    return createClientInParts({
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(hasToken ? { token: current } : {}),
    });
  }, [baseUrl, hasToken]);
  return props.client ?? own;
}

/** Says in the console of a developer which colours of theirs are hard to read; left out of a production build. */
function useThemeCheck(root: RefObject<HTMLDivElement | null>, isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return;
    if (process.env.NODE_ENV === "production") return;
    void import("./theme-check.ts").then(({ checkTheme }) => {
      if (root.current !== null) checkTheme(root.current);
    });
  }, [root, isShown]);
}
/** Bundlers put the word in its place. */
declare const process: { env: { NODE_ENV?: string } };

/** One stream for all parts below a provider, so that each is live by itself too. */
function Live() {
  useLiveBilling();
  return null;
}
