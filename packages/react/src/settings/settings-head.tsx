import { Heading } from "../frame/heading.tsx";
import { OfflineBanner } from "../frame/offline-banner.tsx";
import { useOverview } from "../hooks.ts";

/** What a screen of the settings is, and of which account; and how old, while nothing can be reached. */
export function SettingsHead({ heading }: { heading: string }) {
  const { data: overview } = useOverview();
  return (
    <>
      <header className="bursar-page-head is-alone">
        <Heading depth={0}>{heading}</Heading>
        <p className="bursar-account">{overview?.account.name ?? "\u00a0"}</p>
      </header>
      <OfflineBanner />
    </>
  );
}
