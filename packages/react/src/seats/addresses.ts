import { ProblemError, type InvitationRequest, type SeatHolder } from "@bursar/client";

/** What was typed into the field of invitations: addresses that can be meant, and words that cannot. */
export interface Addresses {
  emails: string[];
  wrong: string[];
}

/** A team in one go; the server takes no more. */
export const INVITATIONS_MAX = 50;

/** Something, an at sign, a domain with a dot. Whether anybody reads mail there, only mail can tell. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Lines, commas and semicolons part addresses; one that is named twice is one. */
export function readAddresses(typed: string): Addresses {
  const words = typed.split(/[\s,;]+/).filter((word) => word !== "");
  const byAddress = new Map(words.map((word) => [word.toLowerCase(), word]));
  const distinct = [...byAddress.values()];
  return {
    emails: distinct.filter((word) => ADDRESS.test(word)),
    wrong: distinct.filter((word) => !ADDRESS.test(word)),
  };
}

/** An address that cannot be invited, and why: for our words to say, or as the server said it. */
export interface AddressMistake {
  address: string;
  reason: "no_address" | SeatHolder["kind"] | { said: string };
}

/** Each address that is none, or is there already; the server checks the same once more. */
export function mistakesIn({ emails, wrong }: Addresses, people: readonly SeatHolder[]): AddressMistake[] {
  const known = new Map(people.map(({ email, kind }) => [email.toLowerCase(), kind]));
  return [
    ...wrong.map((address): AddressMistake => ({ address, reason: "no_address" })),
    ...emails.flatMap((address): AddressMistake[] => {
      const kind = known.get(address.toLowerCase());
      return kind === undefined ? [] : [{ address, reason: kind }];
    }),
  ];
}

/** What the server said of single addresses of what was sent; none when it was about something else. */
export function mistakesOf(error: Error | null, sent: readonly InvitationRequest[]): AddressMistake[] {
  if (!(error instanceof ProblemError)) return [];
  return (error.problem.errors ?? []).flatMap(({ path, message }): AddressMistake[] => {
    const index = /^invitations\.(\d+)\.email$/.exec(path)?.[1];
    const address = index === undefined ? undefined : sent[Number(index)]?.email;
    return address === undefined ? [] : [{ address, reason: { said: message } }];
  });
}
