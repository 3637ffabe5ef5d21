/** One request to an endpoint: bounded in time and size, never redirected, and only to an address that is allowed. */
import { lookup as systemLookup } from "node:dns";
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { SECOND_MS } from "@bursar/core";
import { isAllowedAddress, literalOf, type Reach } from "./address.ts";

export type Resolve = typeof systemLookup;

export interface PostRequest {
  readonly url: string;
  readonly reach: Reach;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PostOutcome =
  /** `excerpt`: how the answer begins, where it says anything. */
  | { readonly code: "answered"; readonly status: number; readonly excerpt?: string }
  /** Nothing that is known of was taken; `error` says it in words. */
  | { readonly code: "failed"; readonly error: string };

export type Post = (request: PostRequest) => Promise<PostOutcome>;

/** The specification advises 15 to 30 s at most; whoever works longer answers first. */
const TIMEOUT_MS = 10 * SECOND_MS;
/** What is said in an answer is not used, and not read beyond this. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** So much of it is kept for the log: enough for a sentence of what went wrong over there. */
const EXCERPT_BYTES = 500;

class RefusedAddressError extends Error {
  constructor(host: string) {
    super(`${host} is an address of a private network, which webhooks are not sent to.`);
  }
}

/** @param resolve names to addresses; another than the system's only in tests */
export function createPost(
  resolve: Resolve = systemLookup,
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Post {
  return ({ url: text, reach, headers, body }) => {
    const url = new URL(text);
    const literal = literalOf(url);
    if (literal !== null && !isAllowedAddress(literal, reach)) {
      return Promise.resolve({ code: "failed", error: new RefusedAddressError(url.hostname).message });
    }
    const start = url.protocol === "https:" ? requestHttps : requestHttp;
    return new Promise((done) => {
      const failed = (error: Error) => done({ code: "failed", error: messageOf(error) });
      const request = start(url, {
        method: "POST",
        // No connection is kept: each one's address is looked up and judged anew.
        agent: false,
        // Said, because a variable of the environment would turn it off for the whole process.
        rejectUnauthorized: true,
        lookup: judging(resolve, reach),
        signal: AbortSignal.timeout(timeoutMs),
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
      });
      let finish: (() => void) | null = null;
      request.on("response", (response) => (finish = drain(response, done)));
      // The end of the time breaks off an answer that has begun as an error of the request.
      request.on("error", (error) => (finish === null ? failed(error) : finish()));
      request.end(body);
    });
  };
}

/** The address that is judged is the one that is connected to: no second look-up comes between. */
function judging(resolve: Resolve, reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      const isRefused = addresses.some(({ address }) => !isAllowedAddress(address, reach));
      if (first === undefined || isRefused) return callback(new RefusedAddressError(hostname), []);
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/**
 * The status counts as soon as it is there, whatever becomes of the rest; that is read to its end, its bound or the end of
 * the time, so that nobody is cut off.
 */
function drain(response: IncomingMessage, done: (outcome: PostOutcome) => void): () => void {
  let bytes = 0;
  let beginning = Buffer.alloc(0);
  const finish = () => {
    const excerpt = readable(beginning);
    done({ code: "answered", status: response.statusCode ?? 0, ...(excerpt === "" ? {} : { excerpt }) });
  };
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (beginning.length < EXCERPT_BYTES) {
      beginning = Buffer.concat([beginning, chunk.subarray(0, EXCERPT_BYTES - beginning.length)]);
    }
    if (bytes > ANSWER_BYTES_MAX) response.destroy();
  });
  response.on("close", finish);
  response.on("error", finish);
  return finish;
}

/** Text of others, for a page and a database: without control characters, and without half a character at its end. */
function readable(bytes: Buffer): string {
  const text = new TextDecoder().decode(bytes, { stream: true });
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "").trim();
}

/** Node's codes of a certificate that proves nothing, in words for whoever looks after the endpoint. */
const CERTIFICATE_FAULTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in an authority that is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate between it and a known authority is missing",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate between it and a known authority is missing",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its authority is not known",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  CERT_REVOKED: "it was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};

function messageOf(error: Error): string {
  const fault = "code" in error ? CERTIFICATE_FAULTS[String(error.code)] : undefined;
  if (fault !== undefined) return `The endpoint's certificate is not trusted: ${fault}. Nothing was sent.`;
  if (error.name === "TimeoutError" || error.name === "AbortError") return "No answer in time.";
  // One that tried several addresses has its causes inside, and no words of its own.
  const inner = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined;
  return (inner ?? error).message;
}
