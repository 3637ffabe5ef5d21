/**
 * The way of a request under /v1: key, version, form, idempotency key, parameters, then the route's work in one
 * transaction together with the answer kept for a repeat. The work itself never waits for anything.
 */
import { timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Env } from "./env.ts";
import { routes } from "./resources/registry.ts";
import type { Sandbox } from "./sandbox.ts";
import { newId } from "./store/ids.ts";
import { emulatorFailure, invalidParameter, StripeError, unauthorized, unknownUrl } from "./wire/errors.ts";
import { expand } from "./wire/expand.ts";
import { decodeForm } from "./wire/form.ts";
import { IdempotencyKeys } from "./wire/idempotency.ts";
import { API_VERSION, checkListed, checkParams, isKnownRoute } from "./wire/params.ts";
import type { Call, Route } from "./wire/route.ts";
import type { WireObject } from "./wire/shape.ts";

export interface ApiOptions {
  sandbox: Sandbox;
  /** Called once the answer is out, when webhooks may go. */
  afterAnswer: () => void;
  /** Told of faults of the emulator itself, which answer 500. */
  onFailure: (error: unknown) => void;
}

interface Answer {
  status: number;
  body: string;
}

/** One body of parameters may be this long. */
const MAX_BODY_LENGTH = 1_000_000;

/** Which callers without a Stripe-Version header may still send, as fixtures of older versions do; it has no effect. */
const TOLERATED_WITHOUT_VERSION = ["payment_method_types"];

export function mountApi(app: Hono<Env>, options: ApiOptions): void {
  const keys = new IdempotencyKeys(options.sandbox.store.idempotencyKeys);
  for (const route of routes) {
    if (route.parameters === undefined && !isKnownRoute(`${route.method} ${route.path}`))
      throw new Error(`no such route: ${route.method} ${route.path}`);
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(route.method, path, (c) => answerRequest(c, route, keys, options));
  }
  app.all("/v1/*", (c) => {
    const requestId = newId("req");
    const { pathname } = new URL(c.req.url);
    return send(c, requestId, errorAnswer(unknownUrl(c.req.method, pathname), requestId));
  });
}

interface Request {
  id: string;
  path: string;
  text: string;
  version: string | null;
  key: string | null;
}

async function answerRequest(c: Context<Env>, route: Route, keys: IdempotencyKeys, options: ApiOptions) {
  const requestId = newId("req");
  try {
    authenticate(c, options.sandbox.secretKey);
    const request = await readRequest(c, route, requestId);
    const kept = request.key === null ? undefined : beginWith(keys, request, options.sandbox);
    if (kept !== undefined) {
      c.header("Idempotent-Replayed", "true");
      c.header("Original-Request", kept.request_id);
      return send(c, requestId, kept, request.key);
    }
    try {
      const answer = perform(c, route, request, keys, options);
      c.env.outgoing?.once("close", options.afterAnswer);
      return send(c, requestId, answer, request.key);
    } finally {
      if (request.key !== null) keys.end(request.key);
    }
  } catch (error) {
    return send(c, requestId, errorAnswer(asStripeError(error, options), requestId));
  }
}

function beginWith(keys: IdempotencyKeys, request: Request, sandbox: Sandbox) {
  const { path, text } = request;
  return keys.begin(request.key ?? "", { path, body: text, now: sandbox.wallNow() });
}

async function readRequest(c: Context<Env>, route: Route, id: string): Promise<Request> {
  const url = new URL(c.req.url);
  const body = route.method === "GET" ? "" : await c.req.text();
  const text = [url.search.slice(1), body].filter(Boolean).join("&");
  if (text.length > MAX_BODY_LENGTH) {
    throw invalidParameter(`The request is longer than ${MAX_BODY_LENGTH} characters.`, {});
  }
  const version = c.req.header("stripe-version") ?? null;
  if (version !== null && !version.endsWith(".endive")) {
    const message = `Invalid Stripe API version: ${version}. This emulator serves ${API_VERSION}; use an SDK that pins an endive version.`;
    throw invalidParameter(message, {});
  }
  const key = route.method === "POST" ? (c.req.header("idempotency-key") ?? null) : null;
  return { id, path: url.pathname, text, version, key };
}

/** The work, in one transaction with its kept answer; a refusal undoes the work and keeps only the answer. */
function perform(
  c: Context<Env>,
  route: Route,
  request: Request,
  keys: IdempotencyKeys,
  options: ApiOptions,
): Answer {
  const { sandbox } = options;
  const eventRequest = { id: request.id, idempotency_key: request.key };
  const remember = (answer: Answer): Answer => {
    if (request.key !== null) {
      const kept = { path: request.path, ...answer, request_id: request.id, created: sandbox.wallNow() };
      keys.keep(request.key, kept, request.text);
    }
    return answer;
  };
  try {
    return sandbox.transaction(() => remember(work(c, route, request, sandbox)), eventRequest);
  } catch (error) {
    const refusal = asStripeError(error, options);
    const answer = errorAnswer(refusal, request.id);
    return refusal.beforeWork ? answer : sandbox.transaction(() => remember(answer));
  }
}

function work(c: Context<Env>, route: Route, request: Request, sandbox: Sandbox): Answer {
  const form = decodeForm(request.text);
  if (request.version === null) for (const name of TOLERATED_WITHOUT_VERSION) delete form[name];
  const { expand: paths, ...params } =
    route.parameters === undefined
      ? checkParams(`${route.method} ${route.path}`, form)
      : checkListed(route.parameters, form);
  const { id = "", customerId = "" } = c.req.param() as Record<string, string | undefined>;
  const call = { sandbox, params, id, customerId, url: request.path } as unknown as Call<never>;
  try {
    const object = route.handle(call);
    return {
      status: 200,
      body: encode(expand(sandbox, object, Array.isArray(paths) ? paths.map(String) : [])),
    };
  } catch (error) {
    if (error instanceof StripeError && error.keepsChanges) return errorAnswer(error, request.id);
    throw error;
  }
}

/** Stripe's answers are indented JSON, which makes them readable in a terminal. */
function encode(body: WireObject | { error: unknown }): string {
  return JSON.stringify(body, null, 2);
}

function errorAnswer(error: StripeError, requestId: string): Answer {
  const request_log_url = `https://dashboard.stripe.com/test/logs/${requestId}`;
  return { status: error.status, body: encode({ error: { ...error.body, request_log_url } }) };
}

function asStripeError(error: unknown, options: ApiOptions): StripeError {
  if (error instanceof StripeError) return error;
  options.onFailure(error);
  return emulatorFailure(
    "The emulator failed; its log has the cause. This is a fault of the emulator, not of the request.",
  );
}

function send(c: Context<Env>, requestId: string, answer: Answer, key: string | null = null): Response {
  c.header("Request-Id", requestId);
  c.header("Stripe-Version", API_VERSION);
  if (key !== null) c.header("Idempotency-Key", key);
  c.header("Content-Type", "application/json");
  return c.body(answer.body, answer.status as 200);
}

/** Bearer, as SDKs send it, or basic with the key as user, as curl's -u does. */
function authenticate(c: Context<Env>, secretKey: string): void {
  const header = c.req.header("authorization") ?? "";
  const [scheme, credentials = ""] = header.split(" ");
  const isBasic = scheme?.toLowerCase() === "basic";
  const given = isBasic ? (Buffer.from(credentials, "base64").toString().split(":")[0] ?? "") : credentials;
  if (given === "") {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  const [expected, actual] = [Buffer.from(secretKey), Buffer.from(given)];
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw unauthorized(`Invalid API Key provided: ${given.slice(0, 8)}${"*".repeat(8)}${given.slice(-4)}`);
  }
}
