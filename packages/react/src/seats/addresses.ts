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
