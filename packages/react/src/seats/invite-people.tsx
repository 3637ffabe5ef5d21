import type { InvitationRequest, MemberList, Role } from "@bursar/client";
import { useEffect, useId, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useSaid } from "../frame/voice.tsx";
import { intentKey } from "../intents.ts";
import { keepDraft, recallDraft } from "../leaving.ts";
import { INVITATIONS_MAX, mistakesIn, mistakesOf, readAddresses, type AddressMistake } from "./addresses.ts";
import type { useInvite } from "./use-people.ts";
import { peopleWords } from "../messages/areas/people.ts";
import { rolesWords } from "../messages/areas/roles.ts";

/** Addresses that were typed and not sent, on whichever screen. */
export const INVITATIONS_DRAFT = "invitations";

interface InvitePeopleProps {
  people: MemberList;
  invite: ReturnType<typeof useInvite>;
  askForSeats: (invited: InvitationRequest[]) => void;
}

/**
 * Addresses, one or many. Where seats are bought for all of them they are invited; else the one review of the seats
 * comes first, and an invitation never buys a seat by itself (SE2).
 */
export function InvitePeople({ people, invite, askForSeats }: InvitePeopleProps) {
  const { messages, format } = useBursar(peopleWords, rolesWords);
  const words = messages.people;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState(() => recallDraft(INVITATIONS_DRAFT));
  const [role, setRole] = useState<Role>("member");
  const [mistake, setMistake] = useState<string | null>(null);
  const [checked, setChecked] = useState<AddressMistake[]>([]);
  const addresses = readAddresses(typed);
  const { emails } = addresses;
  // What the server said is of what was sent; it goes when something else is typed.
  const [isOld, setIsOld] = useState(false);
  const said = isOld ? [] : mistakesOf(invite.error, invite.variables?.request ?? []);
  const mistakes = checked.length > 0 ? checked : said;
  const write = (text: string) => {
    setTyped(text);
    setMistake(null);
    setChecked([]);
    setIsOld(true);
    keepDraft(INVITATIONS_DRAFT, text);
  };
  const { data: sent } = invite;
  useEffect(() => {
    if (sent === undefined) return;
    setTyped("");
    keepDraft(INVITATIONS_DRAFT, "");
  }, [sent]);
  const news =
    sent === undefined || typed !== "" ? null : words.invited(sent.data.map(({ email }) => email).join(", "));
  useSaid(news);
  const needed = people.seats.used + emails.length;
  const hasSeats = needed <= Math.min(people.seats.purchased, people.seats.scheduled?.seats ?? Infinity);
  const press = () => {
    const found = mistakesIn(addresses, people.data);
    setChecked(found);
    const count =
      emails.length === 0 && found.length === 0
        ? words.noEmail
        : emails.length > INVITATIONS_MAX
          ? words.tooMany(String(INVITATIONS_MAX))
          : null;
    setMistake(count);
    if (count !== null || found.length > 0) return field.current?.focus();
    setIsOld(false);
    const invited = emails.map((email) => ({ email, role }));
    if (hasSeats) invite.mutate({ request: invited, intent: intentOf(invited) });
    else askForSeats(invited);
  };
  return (
    <form className="bursar-invite" onSubmit={(event) => event.preventDefault()}>
      <div className="bursar-invite-field">
        <label htmlFor={`${id}emails`}>{words.emails}</label>
        <textarea
          ref={field}
          id={`${id}emails`}
          rows={3}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={mistake === null && mistakes.length === 0 ? undefined : true}
          aria-describedby={`${id}hint ${id}mistakes`}
          onChange={({ target }) => write(target.value)}
        />
        <p id={`${id}hint`} className={mistake === null ? "bursar-muted" : "bursar-error"}>
          {mistake ?? words.emailsHint}
        </p>
        <Mistakes id={`${id}mistakes`} mistakes={mistakes} />
      </div>
      <div className="bursar-invite-field">
        <label htmlFor={`${id}role`}>{words.as}</label>
        <select id={`${id}role`} value={role} onChange={({ target }) => setRole(target.value as Role)}>
          {people.can.inviteAs.map((each) => (
            <option key={each} value={each}>
              {messages.roles[each]}
            </option>
          ))}
        </select>
        <p className="bursar-muted">{words.roleMeans[role]}</p>
      </div>
      {hasSeats || emails.length === 0 ? null : (
        <p className="bursar-short">
          <Icon name="info" /> <ShortOf people={people} invited={emails.length} />
        </p>
      )}
      <p className="bursar-actions">
        <ActionButton
          label={
            hasSeats || emails.length === 0
              ? words.invite(format.counted(emails.length))
              : words.review(messages.seats(format.counted(needed)))
          }
          busyLabel={words.inviting}
          busy={invite.isPending}
          permission={people.can.changeMembers}
          onPress={press}
          primary={emails.length > 0}
        />
      </p>
      {invite.error === null || invite.isPending || said.length > 0 || isOld ? null : (
        <WriteFailure error={invite.error} />
      )}
      {news === null ? null : (
        <p className="bursar-invited">
          <Icon name="good" /> {news}
        </p>
      )}
    </form>
  );
}

/** The same people are one intention, whichever button sends them. */
export function intentOf(invited: InvitationRequest[]) {
  return intentKey(`invite:${invited.map(({ email, role }) => `${role}:${email}`).join(",")}`);
}

function ShortOf({ people: { seats }, invited }: { people: MemberList; invited: number }) {
  const { messages, format } = useBursar(peopleWords);
  const words = messages.people;
  const needed = messages.seats(format.counted(seats.used + invited));
  const { purchased, used, scheduled } = seats;
  if (scheduled === null || used + invited > purchased) {
    return words.beyond(format.counted(invited), needed, format.count(purchased));
  }
  return words.beyondCut(format.counted(invited), needed, {
    seats: format.count(scheduled.seats),
    date: format.date(scheduled.from),
  });
}

/** Each address by itself, so that the right ones need not be found among the wrong ones. */
function Mistakes({ id, mistakes }: { id: string; mistakes: AddressMistake[] }) {
  const { messages, format } = useBursar(peopleWords);
  const words = messages.people;
  return (
    <div id={id} className="bursar-error bursar-address-mistakes" role="alert">
      {mistakes.length === 0 ? null : (
        <>
          <p>{words.mistakes(format.counted(mistakes.length))}</p>
          <ul>
            {mistakes.map(({ address, reason }) => (
              <li key={address}>
                <strong>{address}</strong> {typeof reason === "object" ? reason.said : words.mistake[reason]}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
