import { Suspense, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { later } from "../frame/later.tsx";
import { PartSkeleton } from "../frame/section.tsx";
import { settingsWords } from "../messages/areas/settings.ts";
import { SettingsHead } from "./settings-head.tsx";

/* The settings beside Billing: each is loaded when it is opened, and has its heading and its place before. */
const Account = later(() => import("./account.tsx").then(({ Account }) => Account));
const Members = later(() => import("./members.tsx").then(({ Members }) => Members));
const Keys = later(() => import("./keys.tsx").then(({ Keys }) => Keys));
const Webhooks = later(() => import("./webhooks.tsx").then(({ Webhooks }) => Webhooks));
const Notifications = later(() => import("./notifications.tsx").then(({ Notifications }) => Notifications));

function Screen({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <>
      <SettingsHead heading={heading} />
      <div className="bursar-screen">
        <Suspense fallback={<PartSkeleton rows={5} />}>{children}</Suspense>
      </div>
    </>
  );
}

/** Who is in the account and as what. */
export function MembersSettings() {
  const { messages } = useBursar(settingsWords);
  return (
    <Screen heading={messages.settings.nav.members}>
      <Members />
    </Screen>
  );
}

/** The person who is signed in. */
export function AccountSettings() {
  const { messages } = useBursar(settingsWords);
  return (
    <Screen heading={messages.settings.nav.account}>
      <Account />
    </Screen>
  );
}

/** Keys for a customer's own programs. */
export function KeysSettings() {
  const { messages } = useBursar(settingsWords);
  return (
    <Screen heading={messages.settings.nav.keys}>
      <Keys />
    </Screen>
  );
}

/** Where events are sent, and what became of each. */
export function WebhooksSettings() {
  const { messages } = useBursar(settingsWords);
  return (
    <Screen heading={messages.settings.nav.webhooks}>
      <Webhooks />
    </Screen>
  );
}

/** What the person who is signed in is mailed about. */
export function NotificationsSettings() {
  const { messages } = useBursar(settingsWords);
  return (
    <Screen heading={messages.settings.nav.notifications}>
      <Notifications />
    </Screen>
  );
}
