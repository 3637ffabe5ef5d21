/**
 * A request as it came, before anybody looks at its parameters: which version it speaks, its form and its idempotency
 * key. Whatever is wrong here is refused before work begins, so that no such answer is kept under a key.
 */
import type { Context } from "hono";
import type { Env } from "../env.ts";
import { invalidParameter, StripeError } from "./errors.ts";
import { decodeForm, type FormTree, type FormValue } from "./form.ts";
import { API_VERSION } from "./params.ts";

export interface ApiRequest {
  id: string;
  path: string;
  form: FormTree;
  /** What was sent, the same for the same parameters in another order: it is what an idempotency key stands for. */
  content: string;
  /** Null for callers such as curl and Stripe's CLI, who take the account's version. */
  version: string | null;
  key: string | null;
}

/** One body of parameters may be this long: a bound of ours, a hundred times what the largest call needs. */
const MAX_LENGTH = 1_000_000;

/** The table is of the last endive version; the one before it has the same parameters for what is served here. */
const SERVED_VERSIONS = ["2026-09-30.endive", API_VERSION];

export async function readRequest(c: Context<Env>, id: string): Promise<ApiRequest> {
  const version = c.req.header("stripe-version") ?? null;
  if (version !== null && !SERVED_VERSIONS.includes(version)) {
    throw invalidParameter(
      `Invalid Stripe API version: ${version}. This emulator serves ${API_VERSION}; use an SDK that pins an endive version.`,
    );
  }
  for (const header of ["stripe-account", "stripe-context"]) {
    if (c.req.header(header)) {
      throw invalidParameter(`The emulator is one account and has no connected ones: send no ${header}.`);
    }
  }
  const url = new URL(c.req.url);
  const body = c.req.method === "GET" || c.req.method === "HEAD" ? "" : await readBody(c);
  const text = [url.search.slice(1), body].filter(Boolean).join("&");
  if (text.length > MAX_LENGTH) throw tooLong();
  const key = c.req.method === "POST" ? c.req.header("idempotency-key") || null : null;
  const form = decodeForm(text);
  return { id, path: url.pathname, form, content: key === null ? "" : canonical(form), version, key };
}

function canonical(value: FormValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${fields.sort().join()}}`;
}

async function readBody(c: Context<Env>): Promise<string> {
  const length = c.req.header("content-length");
  if (length !== undefined && Number(length) > MAX_LENGTH) throw tooLong();
  const type = c.req.header("content-type") ?? "";
  if (/json|multipart|xml/i.test(type) && length !== "0") {
    throw invalidParameter(
      `Invalid request: parameters are form-encoded (a=1&b[c]=2), and this body is ${type.split(";")[0]}.`,
    );
  }
  return length === undefined ? readStream(c.req.raw.body) : c.req.text();
}

/** A body of unknown length is read only as far as the bound. */
async function readStream(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_LENGTH) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function tooLong(): StripeError {
  const message = `The request is longer than ${MAX_LENGTH} characters.`;
  return new StripeError(413, { type: "invalid_request_error", message }, { beforeWork: true });
}
