import { z } from "@hono/zod-openapi";
import { DAY_MS } from "@bursar/core";
import { isStorable } from "../../db/storable.ts";

/** Bricks of the API's shapes: instants are ISO 8601 in UTC, money integer minor units, lists have a cursor. */

export const instant = z.iso.datetime();
export const interval = z.enum(["month", "year"]);
export const role = z.enum(["owner", "admin", "billing", "member"]);
export const currency = z.string().length(3);
export const cents = z.int();
export const tokens = z.int();

/** A text of 1 to `max` characters that goes into a batch of the book, where one bad text would cost a whole retry. */
export const storableText = (max: number) =>
  z.string().min(1).max(max).refine(isStorable, "holds a character that cannot be stored");

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** What it was refused for, where one code has several reasons. */
    reason: z.string().optional(),
  })
  .openapi("Problem");

/** A day (UTC) or an instant, for where a span begins or ends. */
export const dayOrInstant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const isDay = (text: string): boolean => text.length === "2026-03-01".length;

/** Where a span begins: with the day's first instant. */
export const fromInstant = (text: string): number => withinCalendar(Date.parse(text));

/** Where a span ends, exclusive: a day is in it as a whole. */
export const toInstant = (text: string): number =>
  withinCalendar(Date.parse(text) + (isDay(text) ? DAY_MS : 0));

/**
 * Nothing of ours lies before 1970 or after 9999, and databases write years beyond them in ways of their own: a span that
 * goes further is one to the end.
 */
const withinCalendar = (instant: number): number => Math.min(Math.max(instant, 0), CALENDAR_END);
export const CALENDAR_END = Date.UTC(9_999, 11, 31);

/** Lists: 25 unless asked, 100 at most. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
