import type { Instant } from "@bursar/core";
import { ProblemError } from "../problem.ts";
import { CALENDAR_END } from "../schemas/common.ts";

/** Where a list of notices goes on: below the last one told, by time and then by id. */
interface Place {
  readonly createdAt: Instant;
  readonly noticeId: string;
}

export const timeCursor = ({ createdAt, noticeId }: Place): string => `${createdAt}.${noticeId}`;

/** @throws invalid_request for what is no cursor of ours */
export function readTimeCursor(text: string): Place {
  const [, createdAt, noticeId] = /^(\d{1,15})\.(\w{1,80})$/.exec(text) ?? [];
  if (createdAt !== undefined && noticeId !== undefined && Number(createdAt) <= CALENDAR_END)
    return { createdAt: Number(createdAt), noticeId };
  throw new ProblemError("invalid_request", "This cursor is not one of this list.", {
    errors: [{ path: "cursor", message: "is not one of this list" }],
  });
}
