import { useBursar } from "../bursar-context.ts";
import { useOverview } from "../hooks.ts";
import { Icon } from "./icon.tsx";
import { useOffline } from "./use-offline.ts";

/** Says that what is on screen may be old, and how old it is. Buttons that write are off meanwhile. */
export function OfflineBanner() {
  const { messages, format } = useBursar();
  const { data: overview } = useOverview();
  const isOffline = useOffline();
  const words = messages.state;
  return (
    <div role="status" className="bursar-offline">
      {isOffline ? (
        <p className="bursar-news">
          <Icon name="warning" />
          {overview === undefined ? words.offline : words.offlineSince(format.moment(overview.now))}
        </p>
      ) : null}
    </div>
  );
}
