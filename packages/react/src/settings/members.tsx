import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { keepDraft } from "../leaving.ts";
import { INVITATIONS_DRAFT, InvitePeople } from "../seats/invite-people.tsx";
import { PeopleList } from "../seats/people-list.tsx";
import { useInvite, usePeople } from "../seats/use-people.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { planWords } from "../messages/areas/plan.ts";

/** Who is in the account and as what. Beyond the bought seats an invitation goes on at the review of the seats (SE2). */
export function Members() {
  const { messages, format, basePath, navigate } = useBursar(peopleWords, planWords);
  const heading = messages.people.heading;
  const people = usePeople();
  const overview = useOverview();
  const invite = useInvite();
  const error = people.error ?? overview.error;
  if (people.data === undefined || overview.data === undefined) {
    const retry = () => void Promise.all([people.refetch(), overview.refetch()]);
    return <AwaitedSection heading={heading} rows={4} error={error} retry={retry} />;
  }
  const { changeMembers } = people.data.can;
  const { purchased, used } = people.data.seats;
  const seats = messages.plan.seats(messages.seats(format.counted(purchased)), format.count(used));
  return (
    <Section heading={heading} aside={overview.data.plan.perSeat ? seats : undefined}>
      {changeMembers.allowed ? (
        <InvitePeople
          people={people.data}
          invite={invite}
          askForSeats={(invited) => {
            keepDraft(INVITATIONS_DRAFT, invited.map(({ email }) => email).join("\n"));
            navigate(`${basePath}/seats`);
          }}
        />
      ) : (
        <p className="bursar-reason">{changeMembers.reason}</p>
      )}
      <PeopleList people={people.data} overview={overview.data} withRoles />
    </Section>
  );
}
