import type { Meter } from "@bursar/core";
import type { z } from "zod";

/**
 * What a person chooses by: a mail belongs to one of these. Money and security cannot be turned off by an owner.
 */
export type NoticeCategory = "usage" | "credits" | "plan" | "payments" | "people" | "security";

/**
 * Whom a mail goes to: those who may change billing now; those who may change members and endpoints now; or the
 * person who was invited, or who gave an address for this, which the payload has.
 */
type Audience = "billing" | "managers" | "invited" | "named";

/** The words of one mail, in plain sentences. */
export interface MailWords {
  /** Says the fact, so that the inbox alone tells it. */
  readonly subject: string;
  /** Paragraphs. */
  readonly lines: readonly string[];
  readonly action: MailAction | null;
}

interface MailAction {
  readonly label: string;
  /** A path of our page, or a whole address at Stripe. */
  readonly href: string;
}

/** How words speak of ids, sums and instants: exactly, and an instant with its time zone. */
export interface Say {
  /** The account's name. */
  readonly account: string;
  plan(planId: string): string;
  meter(meterId: string): Meter | undefined;
  /** A quantity of a meter, as the page writes it. */
  quantity(meterId: string, quantity: number): string;
  count(count: number): string;
  seats(seats: number): string;
  money(minorUnits: number, currency: string): string;
  /** "10 April 2027, 09:00 UTC" */
  time(instant: string): string;
}

/** One kind of notice. To add one, write it into a file of `kinds/` and name it in `kinds.ts`; README.md shows how. */
export interface NoticeKind<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** `noun.what_happened`, the event type of webhooks and the topic in the outbox. */
  readonly type: Type;
  /** One sentence for docs/webhooks.md: when it is sent. */
  readonly about: string;
  /** What the notice says: the payload in the outbox, and `data` of the webhook beside the account. */
  readonly data: Schema;
  /** `null`: nobody is mailed, only webhooks are sent. */
  readonly mail: NoticeMail<Schema> | null;
}

interface NoticeMail<Schema extends z.ZodType> {
  readonly category: NoticeCategory;
  readonly to: Audience;
  /** `null`: this one is not worth a mail. */
  words(data: z.output<Schema>, say: Say): MailWords | null;
}

/** Gives an entry its types. A method's parameter is of the entry's own schema, and the list holds all kinds. */
export function kind<const Type extends string, Schema extends z.ZodType>(
  entry: NoticeKind<Type, Schema>,
): NoticeKind<Type, Schema> {
  return entry;
}
