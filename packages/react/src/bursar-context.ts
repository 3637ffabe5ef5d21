import type { Client } from "@bursar/client";
import { createContext, useContext } from "react";
import type { Format } from "./format/create-format.ts";
import type { Messages } from "./messages/english.ts";

export interface BursarContextValue {
  client: Client;
  format: Format;
  messages: Messages;
  /** Where the page's screens begin, without a slash at the end: `/settings/billing`. */
  basePath: string;
  navigate: (href: string, options?: { replace?: boolean }) => void;
  /** Leaves for a page of Stripe's. */
  openHostedPage: (url: string) => void;
}

export const BursarContext = createContext<BursarContextValue | null>(null);

/** @throws Error outside of a BursarProvider */
export function useBursar(): BursarContextValue {
  const value = useContext(BursarContext);
  if (value === null) throw new Error("Wrap the parts of the billing page in <BursarProvider>.");
  return value;
}
