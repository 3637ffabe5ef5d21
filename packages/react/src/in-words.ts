import { ProblemError, type Permission } from "@bursar/client";
import type { Format } from "./format/create-format.ts";
import type { FrameMessages } from "./messages/en/frame.ts";
import { permissionIn } from "./messages/told-words.ts";

/*
 * Sentences of the server, English as they come, in the page's language where that has them. Whole answers are put into
 * words once, where they come in (`told.answers`), so that no part of the page has to know where a sentence is from.
 */

export interface Bursar {
  messages: FrameMessages;
  format: Format;
}

/** What went wrong: the server's answer, or that there was none. */
export function errorInWords(error: Error, { messages, format }: Bursar): string {
  if (!(error instanceof ProblemError)) return messages.state.unreachable;
  const { problem } = error;
  return messages.told?.problem(problem, format) ?? problem.detail;
}

/** A permission that comes by itself, not within an answer above. */
export const permissionInWords = (permission: Permission, { messages: { told } }: Bursar): Permission =>
  told === null ? permission : permissionIn(told, permission);
