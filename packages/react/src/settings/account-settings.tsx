import { useBursar } from "../bursar-context.ts";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { SettingsHead } from "./settings-head.tsx";

/** The person who is signed in. */
export function AccountSettings() {
  const { messages } = useBursar();
  return (
    <>
      <SettingsHead heading={messages.settings.nav.account} />
      <div className="bursar-screen">
        <You />
      </div>
    </>
  );
}

function You() {
  const { messages } = useBursar();
  const words = messages.settings.account;
  const { data: overview, error, refetch } = useOverview();
  if (overview === undefined) {
    if (error === null) return <SkeletonSection heading={words.you} rows={3} />;
    return <FailedSection heading={words.you} error={error} retry={() => void refetch()} />;
  }
  const { name, email, role } = overview.viewer;
  return (
    <Section heading={words.you}>
      <dl className="bursar-pairs">
        <dt>{words.name}</dt>
        <dd>{name}</dd>
        <dt>{words.email}</dt>
        <dd>{email}</dd>
        <dt>{words.role}</dt>
        <dd>{messages.people.roles[role]}</dd>
      </dl>
    </Section>
  );
}
