import { lazy, Suspense, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { SkeletonSection } from "../frame/section.tsx";
import { SettingsHead } from "./settings-head.tsx";

/* Screens that few open: each is loaded when it is. */
const Keys = lazy(() => import("./keys.tsx").then(({ Keys }) => ({ default: Keys })));
const Webhooks = lazy(() => import("./webhooks.tsx").then(({ Webhooks }) => ({ default: Webhooks })));
const Notifications = lazy(() =>
  import("./notifications.tsx").then(({ Notifications }) => ({ default: Notifications })),
);

function Screen({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <>
      <SettingsHead heading={heading} />
      <div className="bursar-screen">
        <Suspense fallback={<SkeletonSection heading={heading} rows={4} />}>{children}</Suspense>
      </div>
    </>
  );
}

/** Keys for a customer's own programs. */
export function KeysSettings() {
  const { messages } = useBursar();
  return (
    <Screen heading={messages.settings.nav.keys}>
      <Keys />
    </Screen>
  );
}

/** Where events are sent, and what became of each. */
export function WebhooksSettings() {
  const { messages } = useBursar();
  return (
    <Screen heading={messages.settings.nav.webhooks}>
      <Webhooks />
    </Screen>
  );
}

/** What the person who is signed in is mailed about. */
export function NotificationsSettings() {
  const { messages } = useBursar();
  return (
    <Screen heading={messages.settings.nav.notifications}>
      <Notifications />
    </Screen>
  );
}
