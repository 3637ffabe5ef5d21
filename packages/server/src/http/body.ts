import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "./problem.ts";

/** A thousand events with properties fit; a body beyond it is not read to its end. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

export function limitBody(): MiddlewareHandler {
  return bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: () => {
      throw new ProblemError(
        "too_large",
        `A body has ${BODY_BYTES_MAX} bytes at most. Nothing was recorded: send it in parts.`,
      );
    },
  });
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;

/**
 * Bodies are JSON. Another type is refused here for all routes, because a route whose schema was not applied would go
 * on with nothing in its hands. A request without a body needs no type.
 */
export function requireJson(): MiddlewareHandler {
  return async (c, next) => {
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
    const hasBody = c.req.raw.body !== null && c.req.header("content-length") !== "0";
    if (hasBody && !JSON_TYPE.test(mediaType)) {
      throw new ProblemError(
        "unsupported_media_type",
        "A body is JSON here. Send it with Content-Type: application/json. Nothing was changed.",
      );
    }
    return next();
  };
}
