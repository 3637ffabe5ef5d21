import type { Count } from "../plural.ts";
import { plural } from "./language.ts";

/** How many seats there are. */
export const seatsWords = {
  heading: (plan: string) => `Seats on ${plan}`,
  facts: (bought: string, used: string) => `${bought} bought, ${used} in use`,
  number: "New number",
  none: "Your plan has no seats to change.",
};

/** Who has them, and who is invited. */
export const peopleWords = {
  heading: "People",
  holds: "Each person and each open invitation holds one seat.",
  emails: "Invite by e-mail",
  emailsHint: "One address a line, or several with commas.",
  as: "As",
  roleMeans: {
    owner: "Changes everything, owners too.",
    admin: "Changes billing and people, but no owners.",
    billing: "Changes billing.",
    member: "Reads billing and changes nothing.",
  },
  invite: (count: Count) =>
    count.value === 0 ? "Invite" : plural(count, { one: "Invite # person", other: "Invite # people" }),
  review: (seats: string) => `Review ${seats} first`,
  inviting: "Inviting",
  invited: (emails: string) =>
    `Invited: ${emails}. Each invitation holds a seat for 14 days; who accepts it keeps the seat.`,
  follows: (count: Count) =>
    plural(count, { one: "Then your invitation is sent.", other: "Then your # invitations are sent." }),
  beyond: (invited: Count, needed: string, bought: string) =>
    `${plural(invited, { one: "This invitation needs", other: "These # invitations need" })} ${needed}; ${bought} are bought. The review shows what they cost, nothing is bought before.`,
  beyondCut: (invited: Count, needed: string, cut: { seats: string; date: string }) =>
    `${plural(invited, { one: "This invitation needs", other: "These # invitations need" })} ${needed}; from ${cut.date} there are ${cut.seats}. The review changes that.`,
  noEmail: "Enter at least one e-mail address.",
  mistakes: (count: Count) =>
    plural(count, { one: "One address cannot be invited:", other: "# addresses cannot be invited:" }),
  mistake: {
    no_address: "is no e-mail address",
    member: "is here already",
    invitation: "is invited already",
  },
  tooMany: (most: string) => `At most ${most} at once. Invite the others after these.`,
  you: "You",
  isInvited: "Invited",
  readsOnly: "reads only: this plan has one seat, the owner's",
  since: (date: string) => `since ${date}`,
  open: (date: string, until: string) => `invited ${date}, open until ${until}`,
  more: (count: string) => `And ${count} more.`,
  changeRole: "Change role",
  changeRoleNamed: (name: string) => `Change role: ${name}`,
  roleOf: (name: string) => `Role of ${name}`,
  ownRoleMeans: "This is your own role: with a smaller one you may not be able to take it back.",
  saveRole: "Save role",
  savingRole: "Saving",
  roleChanged: (name: string, role: string) => `${name}: ${role} from now on.`,
  keepRole: "Keep role",
  resend: "Send again",
  resendNamed: (name: string) => `Send again: the invitation of ${name}`,
  resending: "Sending",
  resent: (name: string, until: string) => `Sent again to ${name}, open until ${until}.`,
  remove: "Remove",
  removeNamed: (name: string) => `Remove ${name}`,
  removeMeans: (name: string) =>
    `${name} loses access at once, on every device. What they made stays. The seat stays bought: invite somebody else, or schedule fewer seats above.`,
  leaveMeans:
    "You lose access at once, on every device, and only another member can invite you again. The seat stays bought.",
  removing: "Removing",
  removed: (name: string) => `${name} is removed. A seat is free.`,
  keep: "Keep",
  withdraw: "Withdraw",
  withdrawNamed: (name: string) => `Withdraw the invitation of ${name}`,
  withdrawInvitation: "Withdraw invitation",
  withdrawMeans: (name: string) => `The invitation of ${name} stops working, and its seat is free.`,
  withdrawing: "Withdrawing",
  withdrawn: (name: string) => `The invitation of ${name} is withdrawn. A seat is free.`,
  keepInvitation: "Keep it",
};
