/**
 * How often somebody may try, by the e-mail and by the network address that it comes from. Both count: one guesser who
 * tries many people, and many machines that try one. Counted before the work, so that a flood costs no hashing.
 */
import { createHash } from "node:crypto";
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Clock } from "@bursar/core";
import ipaddr from "ipaddr.js";
import type { Database } from "../db/open-database.ts";
import { countTry, forgetTries } from "./store-attempts.ts";

/** What is tried. Whoever forgot which password it was gets in within ten; an office behind one address within a hundred. */
const LIMITS = {
  sign_in: { email: 10, address: 100, windowMs: 15 * MINUTE_MS },
  /** Mails to one person: more would be a nuisance to them. */
  mail: { email: 5, address: 50, windowMs: HOUR_MS },
  /** Secrets of links, of 256 bits: nobody guesses one, the limit saves work. */
  link: { email: null, address: 100, windowMs: 15 * MINUTE_MS },
} as const;

interface Try {
  readonly what: keyof typeof LIMITS;
  readonly address?: string;
  readonly email?: string;
}

/** @returns seconds to wait, or `null`: go on */
export async function takeTry(
  { database, clock }: { database: Database; clock: Clock },
  tried: Try,
): Promise<number | null> {
  const now = clock.now();
  const limits = LIMITS[tried.what];
  let waitMs = 0;
  for (const [by, bucket] of bucketsOf(tried)) {
    const most = limits[by];
    if (most === null) continue;
    const { tries, endsAt } = await countTry(database.kysely, { bucket, now, windowMs: limits.windowMs });
    if (tries > most) waitMs = Math.max(waitMs, endsAt.getTime() - now);
  }
  return waitMs === 0 ? null : Math.max(1, Math.ceil(waitMs / SECOND_MS));
}

/** Who got it right begins anew; the address goes on counting, else one known password would open it for guessing. */
export async function forgetEmailTries(
  { database }: { database: Database },
  tried: Try & { readonly email: string },
): Promise<void> {
  const [, bucket] = bucketsOf(tried)[0]!;
  await forgetTries(database.kysely, bucket);
}

/**
 * What one subscriber has: of IPv4 an address, of IPv6 a network of 64 bits (RFC 6177), in which they may take another
 * address for each try. An IPv4 address is the same one however it is written.
 */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts.slice(0, 4).join(":")}::/64`;
}

/** The e-mail first. Neither is kept in the clear. */
function bucketsOf({ what, email, address }: Try): ["email" | "address", string][] {
  const hashed = (text: string) => createHash("sha256").update(text).digest("base64url");
  return [
    ...(email === undefined ? [] : ([["email", `${what}:email:${hashed(email)}`]] as const)),
    ...(address === undefined
      ? []
      : ([["address", `${what}:address:${hashed(networkOf(address))}`]] as const)),
  ].map(([by, bucket]) => [by, bucket]);
}
