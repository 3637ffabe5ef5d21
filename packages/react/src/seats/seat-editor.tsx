import type { Interval, InvitationRequest, MemberList, Overview, PlanOffer } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { usePlans } from "../plans/use-plans.ts";
import { ChargeReview } from "../plans/charge-review.tsx";
import { Back } from "../plans/confirm.tsx";
import { InvitePeople, intentOf } from "./invite-people.tsx";
import { PeopleList } from "./people-list.tsx";
import { SeatField } from "./seat-field.tsx";
import { useInvite, usePeople } from "./use-people.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { pickerWords } from "../messages/areas/picker.ts";
import { planWords } from "../messages/areas/plan.ts";
import { seatsScreenWords } from "../messages/areas/seats-screen.ts";

/** Seats and who has them. More or fewer seats are the same review as any change of plan. */
export function SeatEditor() {
  const { messages, basePath } = useBursar(planWords, pickerWords, seatsScreenWords);
  const plans = usePlans();
  const overview = useOverview();
  const people = usePeople();
  const words = messages.seatsScreen;
  const error = plans.error ?? overview.error;
  if (plans.data === undefined || overview.data === undefined) {
    const heading = messages.picker.seats;
    const retry = () => void Promise.all([plans.refetch(), overview.refetch()]);
    return <AwaitedSection heading={heading} rows={5} error={error} retry={retry} />;
  }
  const { plan, interval, can } = overview.data;
  const offer = plans.data.data.find(({ id }) => id === plan.id);
  const isSold = offer !== undefined && plan.perSeat && interval !== null;
  const list = <People people={people} overview={overview.data} />;
  if (isSold) return <SeatsOf key={plan.id} {...{ overview: overview.data, offer, interval, people }} />;
  return (
    <>
      <Section heading={messages.picker.seats}>
        <p>{can.changeSeats.reason ?? words.none}</p>
        <p className="bursar-actions">
          {plan.kind === "custom" ? null : (
            <ActionLink label={messages.plan.change} permission={can.changePlan} href={`${basePath}/plans`} />
          )}
          <Back quiet />
        </p>
      </Section>
      {list}
    </>
  );
}

interface PeopleProps {
  people: ReturnType<typeof usePeople>;
  overview: Overview;
  /** Opens the review of so many seats first, for these invitations. */
  askForSeats?: (invited: InvitationRequest[], people: MemberList) => void;
  invite?: ReturnType<typeof useInvite>;
}

function People({ people, overview, askForSeats, invite }: PeopleProps) {
  const { messages } = useBursar(peopleWords);
  const heading = messages.people.heading;
  const { data, error, refetch } = people;
  if (data === undefined) {
    return <AwaitedSection heading={heading} rows={4} error={error} retry={() => void refetch()} />;
  }
  const { changeMembers } = data.can;
  return (
    <Section heading={heading} aside={overview.plan.perSeat ? messages.people.holds : undefined}>
      {changeMembers.allowed ? null : <p className="bursar-reason">{changeMembers.reason}</p>}
      {changeMembers.allowed && askForSeats !== undefined && invite !== undefined ? (
        <InvitePeople people={data} invite={invite} askForSeats={(invited) => askForSeats(invited, data)} />
      ) : null}
      <PeopleList people={data} overview={overview} />
    </Section>
  );
}

interface SeatsOfProps {
  overview: Overview;
  offer: PlanOffer;
  interval: Interval;
  people: ReturnType<typeof usePeople>;
}

/** Invitations beyond the seats wait here for the one review of all of them (SE2). */
function SeatsOf({ overview, offer, interval, people }: SeatsOfProps) {
  const { seats, pendingChange } = overview;
  const isPendingHere = pendingChange?.planId === offer.id && pendingChange.interval === interval;
  const [wanted, setWanted] = useState(isPendingHere ? pendingChange.seats : seats.purchased);
  const [waiting, setWaiting] = useState<{ invited: InvitationRequest[]; seats: number } | null>(null);
  const invite = useInvite();
  const follows = waiting !== null && wanted >= waiting.seats ? waiting.invited : [];
  const askForSeats = (invited: InvitationRequest[], list: MemberList) => {
    const needed = list.seats.used + invited.length;
    setWanted(needed);
    setWaiting({ invited, seats: needed });
  };
  const onConfirmed = () => {
    setWaiting(null);
    if (follows.length > 0) invite.mutate({ request: follows, intent: intentOf(follows) });
  };
  return (
    <>
      <SeatForm
        {...{ overview, offer, interval, wanted, setWanted, onConfirmed }}
        follows={follows.length}
        asked={waiting}
      />
      <People {...{ people, overview, askForSeats, invite }} />
    </>
  );
}

interface SeatFormProps extends Omit<SeatsOfProps, "people"> {
  wanted: number;
  setWanted: (seats: number) => void;
  /** How many invitations are sent after it. */
  follows: number;
  /** Another value was asked for from elsewhere on the screen: the field takes the focus. */
  asked: unknown;
  onConfirmed: () => void;
}

function SeatForm(props: SeatFormProps) {
  const { overview, offer, interval, wanted, setWanted, follows, asked, onConfirmed } = props;
  const { messages, format } = useBursar(seatsScreenWords, peopleWords);
  const words = messages.seatsScreen;
  const { seats } = overview;
  const note = follows === 0 ? undefined : messages.people.follows(format.counted(follows));
  const choice = { planId: offer.id, interval, seats: wanted };
  return (
    <Section
      heading={words.heading(`${offer.name}, ${messages.interval[interval].toLowerCase()}`)}
      aside={words.facts(format.count(seats.purchased), format.count(seats.used))}
      className="is-picker"
    >
      <form className="bursar-picker" onSubmit={(event) => event.preventDefault()}>
        <SeatField
          label={words.number}
          offer={offer}
          seats={wanted}
          inUse={seats.used}
          focusOn={asked}
          onChange={setWanted}
        />
        <ChargeReview {...{ choice, offer, overview, note, onConfirmed }} />
      </form>
    </Section>
  );
}
