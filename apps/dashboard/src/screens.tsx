import {
  AccountSettings,
  BillingSettings,
  KeysSettings,
  MembersSettings,
  NotificationsSettings,
  WebhooksSettings,
  type settingsWords,
  type MessagesWith,
} from "@bursar/react";
import type { ReactNode } from "react";
import type { Address } from "./routing.ts";

/** A screen of the settings, at its path and below. */
export interface Screen {
  path: string;
  label: (messages: MessagesWith<[typeof settingsWords]>) => string;
  content: (address: Address) => ReactNode;
}

export const BILLING_PATH = "/settings/billing";

/** The standalone settings, in the order of their navigation. To add a screen, add a line. */
export const screens: readonly Screen[] = [
  {
    path: BILLING_PATH,
    label: ({ settings }) => settings.nav.billing,
    content: (address) => <BillingSettings {...address} signedOut={null} />,
  },
  {
    path: "/settings/members",
    label: ({ settings }) => settings.nav.members,
    content: () => <MembersSettings />,
  },
  {
    path: "/settings/account",
    label: ({ settings }) => settings.nav.account,
    content: () => <AccountSettings />,
  },
  {
    path: "/settings/notifications",
    label: ({ settings }) => settings.nav.notifications,
    content: () => <NotificationsSettings />,
  },
  {
    path: "/settings/keys",
    label: ({ settings }) => settings.nav.keys,
    content: () => <KeysSettings />,
  },
  {
    path: "/settings/webhooks",
    label: ({ settings }) => settings.nav.webhooks,
    content: () => <WebhooksSettings />,
  },
];

/** What is nowhere else is billing's to show. */
export function screenAt(path: string): Screen {
  const found = screens.find((screen) => path === screen.path || path.startsWith(`${screen.path}/`));
  return found ?? screens[0]!;
}
