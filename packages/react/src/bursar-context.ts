import type { Client } from "@bursar/client";
import { createContext, useContext, type ComponentType, type ReactNode } from "react";
import type { Format } from "./format/create-format.ts";
import { withAreas, type AnyArea, type MessagesWith } from "./messages/area.ts";
import type { FrameMessages } from "./messages/en/frame.ts";

export interface BursarContextValue {
  client: Client;
  format: Format;
  /** The frame's; a part asks for its own with {@link useBursar}. */
  messages: FrameMessages;
  /** Where the page's screens begin, without a slash at the end: `/settings/billing`. */
  basePath: string;
  navigate: (href: string, options?: { replace?: boolean }) => void;
  /** Leaves for a page of Stripe's. */
  openHostedPage: (url: string) => void;
  /** Says a sentence to who cannot see the page, in its one polite live region. */
  say: (sentence: string) => void;
  /** The host's own link for our screens; a plain one when left out. */
  linkComponent: ComponentType<LinkComponentProps> | null;
  /** Of the page's heading; those of sections are one deeper. */
  headingLevel: HeadingLevel;
  slots: Slots;
}

/** What a host's link is given; it is also asked to lead to other sites and must then behave as a plain link. */
export interface LinkComponentProps {
  href: string;
  className?: string | undefined;
  "aria-current"?: "page" | "true" | undefined;
  children: ReactNode;
}

export type HeadingLevel = 1 | 2 | 3 | 4;

/** Places where a host adds something of its own. */
export interface Slots {
  /** In place of a part whose token is missing or has ended; our own sentence when left out. */
  signedOut?: ReactNode;
  /** Beside the title of the page. */
  besideTitle?: ReactNode;
  /** Below every screen of the page. */
  belowScreen?: ReactNode;
  /** Where a plan is arranged personally: the way to talk about it. */
  contact?: ReactNode;
}

export const BursarContext = createContext<BursarContextValue | null>(null);

type BursarWith<Areas extends readonly AnyArea[]> = BursarContextValue & { messages: MessagesWith<Areas> };

/**
 * What all parts share, with the words of the areas that this one shows.
 * @throws Error outside of a BursarProvider
 */
export function useBursar<Areas extends readonly AnyArea[]>(...areas: Areas): BursarWith<Areas> {
  const value = useContext(BursarContext);
  if (value === null) throw new Error("Wrap the parts of the billing page in <BursarProvider>.");
  if (areas.length === 0) return value as BursarWith<Areas>;
  return { ...value, messages: withAreas(value.messages, areas) };
}
