import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "./problem.ts";

/** A thousand events with properties fit; a body beyond it is not read to its end. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

export function limitBody(): MiddlewareHandler {
  const onError = () => {
    throw new ProblemError(
      "too_large",
      `A body has ${BODY_BYTES_MAX} bytes at most. Nothing was recorded: send it in parts.`,
    );
  };
  const limitChunks = bodyLimit({ maxSize: BODY_BYTES_MAX, onError });
  return (c, next) => {
    if (c.req.header("transfer-encoding") !== undefined) return limitChunks(c, next);
    return Number(c.req.header("content-length") ?? 0) > BODY_BYTES_MAX ? onError() : next();
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
    return next();
  };
}
