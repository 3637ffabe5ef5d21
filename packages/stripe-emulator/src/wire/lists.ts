/**
 * Cursor lists: newest first, `limit` 1 to 100 (10 unless told), `starting_after` and `ending_before` name an object of
 * the list, `created[gte]` and its kin narrow it. There is no total.
 */
import { invalidRequest, noSuchReference } from "./errors.ts";
import type { WireObject } from "./shape.ts";

export interface ListParams {
  limit?: number | null | undefined;
  starting_after?: string | null | undefined;
  ending_before?: string | null | undefined;
  created?: CreatedFilter | number | null | undefined;
}
interface CreatedFilter {
  gt?: number | null | undefined;
  gte?: number | null | undefined;
  lt?: number | null | undefined;
  lte?: number | null | undefined;
}
interface Listable {
  id: string;
  created?: number;
}

export interface ListObject extends WireObject {
  object: "list";
  data: WireObject[];
  has_more: boolean;
  url: string;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Cuts one page out of `newestFirst` and formats only what is on it. */
export function listPage<T extends Listable>(
  newestFirst: T[],
  page: { params: ListParams; url: string; show: (entity: T) => WireObject },
): ListObject {
  const { params } = page;
  const limit = params.limit ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw invalidRequest(`Invalid limit: must be between 1 and ${MAX_LIMIT}, got ${limit}.`, {
      param: "limit",
    });
  }
  if (params.starting_after && params.ending_before) {
    throw invalidRequest("You can only pass one of starting_after or ending_before.", {
      param: "ending_before",
    });
  }
  const matching = newestFirst.filter((entity) => isWithin(entity.created ?? 0, params.created));
  const { start, end } = cut(matching, limit, params);
  return {
    object: "list",
    data: matching.slice(start, end).map(page.show),
    has_more: params.ending_before ? start > 0 : end < matching.length,
    url: page.url,
  };
}

/** A list that is part of another object: complete up to ten elements, the rest behind its url. */
export function embeddedList(data: WireObject[], url: string, limit = MAX_LIMIT): ListObject {
  return { object: "list", data: data.slice(0, limit), has_more: data.length > limit, url };
}

function cut(matching: Listable[], limit: number, params: ListParams): { start: number; end: number } {
  if (params.starting_after) {
    const start = indexOf(matching, params.starting_after, "starting_after") + 1;
    return { start, end: Math.min(start + limit, matching.length) };
  }
  if (params.ending_before) {
    const end = indexOf(matching, params.ending_before, "ending_before");
    return { start: Math.max(0, end - limit), end };
  }
  return { start: 0, end: Math.min(limit, matching.length) };
}

function indexOf(matching: Listable[], id: string, param: string): number {
  const index = matching.findIndex((entity) => entity.id === id);
  if (index < 0) throw noSuchReference("object in this list", id, param);
  return index;
}

/** Whether an instant is what a filter such as `created[gte]` asks for. What never happened is in no filter. */
export function isWithin(instant: number | null, filter: ListParams["created"]): boolean {
  if (filter === undefined || filter === null) return true;
  if (typeof filter === "number" || instant === null) return instant === filter;
  return (
    instant > (filter.gt ?? -Infinity) &&
    instant >= (filter.gte ?? -Infinity) &&
    instant < (filter.lt ?? Infinity) &&
    instant <= (filter.lte ?? Infinity)
  );
}
