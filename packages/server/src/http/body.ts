import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "./problem.ts";

/** A thousand events with properties fit; a body beyond it is not read to its end. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** Where anybody may send, before it is known who: a token, a password and a name fit many times over. */
export const DOOR_BYTES_MAX = 16 * 1024;

export function limitBody(maxSize = BODY_BYTES_MAX): MiddlewareHandler {
  const onError = () => {
    throw new ProblemError(
      "too_large",
      `A body has ${maxSize} bytes at most. Nothing was recorded: send it in parts.`,
    );
  };
  const limitChunks = bodyLimit({ maxSize, onError });
  return (c, next) => {
    if (c.req.header("transfer-encoding") !== undefined) return limitChunks(c, next);
    return Number(c.req.header("content-length") ?? 0) > maxSize ? onError() : next();
  };
}

/**
 * Told from the headers, as HTTP/1.1 does (RFC 9112, section 6.3). To look at the body itself would make a stream of
 * it, which costs more than all the rest of a request's reading.
 */
function hasBody(c: Context): boolean {
  const length = c.req.header("content-length");
  return (length !== undefined && length !== "0") || c.req.header("transfer-encoding") !== undefined;
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;

/**
 * Lists and objects that one body may hold: fifty for each of a thousand events. To read them costs some hundred times
 * what as many letters do (measured: four seconds for a body of 4 MiB that is all brackets), and nobody else is served
 * meanwhile.
 */
const PARTS_MAX = 50_000;

/** Whether the text opens more lists and objects than `most`; what stands within its strings does not count. */
function opensMoreThan(most: number, text: string): boolean {
  let opened = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) {
      isInText = true;
    } else if (code === SQUARE || code === CURLY) {
      opened += 1;
      if (opened > most) return true;
    }
  }
  return false;
}
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const SQUARE = "[".charCodeAt(0);
const CURLY = "{".charCodeAt(0);

/**
 * Bodies are JSON. Another type is refused here for all routes, because a route whose schema was not applied would go
 * on with nothing in its hands. A request without a body needs no type.
 */
export function requireJson(): MiddlewareHandler {
  return async (c, next) => {
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
    if (hasBody(c) && !JSON_TYPE.test(mediaType)) {
      throw new ProblemError(
        "unsupported_media_type",
        "A body is JSON here. Send it with Content-Type: application/json. Nothing was changed.",
      );
    }
    refusePacked(c);
    // A shorter one cannot hold so many. The text is kept for whoever reads the body next.
    if (mayBeLongerThan(PARTS_MAX, c) && opensMoreThan(PARTS_MAX, await c.req.text())) {
      throw new ProblemError(
        "too_large",
        `A body holds ${PARTS_MAX} lists and objects at most. Nothing was changed: send it in parts.`,
      );
    }
    return next();
  };
}

function mayBeLongerThan(bytes: number, c: Context): boolean {
  if (c.req.header("transfer-encoding") !== undefined) return true;
  return Number(c.req.header("content-length") ?? 0) > bytes;
}

/** What is packed is not unpacked here: a few bytes could become any number (RFC 9110, section 15.5.16). */
function refusePacked(c: Context): void {
  const coding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return;
  throw new ProblemError(
    "unsupported_media_type",
    `A body in ${coding} is not unpacked here. Send it plain, without Content-Encoding. Nothing was changed.`,
    { headers: { "accept-encoding": "identity" } },
  );
}
