import { useBursar } from "../bursar-context.ts";
import { useOverview } from "../hooks.ts";
import { Icon } from "./icon.tsx";
import { useOffline } from "./use-offline.ts";
import { useSaid } from "./voice.tsx";

/** Says that what is on screen may be old, and how old it is. Buttons that write are off meanwhile. */
export function OfflineBanner() {
  const { messages, format } = useBursar();
  const { data: overview } = useOverview();
  const words = messages.state;
  const isOffline = useOffline();
  const sentence = overview === undefined ? words.offline : words.offlineSince(format.moment(overview.now));
  useSaid(isOffline ? sentence : null);
  return isOffline ? (
    <p className="bursar-news">
      <Icon name="warning" />
      {sentence}
    </p>
  ) : null;
}
