/**
 * The way of a request under /v1: key, version, form, idempotency key, parameters, then the route's work in one
 * transaction together with the answer kept for a repeat. The work itself never waits for anything.
 */
import { timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Env } from "./env.ts";
import { routes } from "./resources/registry.ts";
import type { Sandbox } from "./sandbox.ts";
import { hangUp, isAfterWork, orderedFailure, retryHeader, strikeBefore } from "./faults/strike.ts";
import { newId } from "./store/ids.ts";
import { notServedReasons } from "./resources/not-served.ts";
import {
  emulatorFailure,
  notServed,
  StripeError,
  unauthorized,
  unknownUrl,
  wrongMethod,
} from "./wire/errors.ts";
import { expand } from "./wire/expand.ts";
import { IdempotencyKeys } from "./wire/idempotency.ts";
import { modernize, readSource } from "./wire/older-parameters.ts";
import { API_VERSION, checkListed, checkParams, isKnownRoute, knownRoutes } from "./wire/params.ts";
import { readRequest, type ApiRequest } from "./wire/request.ts";
import type { Call, Route } from "./wire/route.ts";
import type { WireObject } from "./wire/shape.ts";

export interface ApiOptions {
  sandbox: Sandbox;
  /** Called before the work of a request, so that it meets what time has done until now. */
  beforeRequest: () => void;
  /** Called once the answer is out, when webhooks may go. */
  afterAnswer: () => void;
  /** Told of faults of the emulator itself, which answer 500. */
  onFailure: (error: unknown) => void;
}

interface Answer {
  status: number;
  body: string;
}

export function mountApi(app: Hono<Env>, options: ApiOptions): void {
  const keys = new IdempotencyKeys(options.sandbox.store.idempotencyKeys);
  const served = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  for (const [name, route] of served) {
    if (route.parameters === undefined && !isKnownRoute(name)) throw new Error(`no such route: ${name}`);
  }
  const allowed = new Map<string, string[]>();
  for (const name of [...new Set([...knownRoutes(), ...served.keys()])].sort(byLiteralFirst)) {
    const [method = "", template = ""] = name.split(" ");
    const path = template.replaceAll(/\{(\w+)\}/g, ":$1");
    const route = served.get(name);
    app.on(method, path, (c) => {
      if (route !== undefined) return answerRequest(c, route, keys, options);
      return refuse(c, notServed(name, notServedReasons[name]), options);
    });
    allowed.set(path, [...(allowed.get(path) ?? []), method]);
  }
  for (const [path, methods] of allowed) {
    app.all(path, (c) => {
      c.header("Allow", methods.join(", "));
      return refuse(c, wrongMethod(c.req.method, c.req.path, methods), options);
    });
  }
  for (const path of ["/v1", "/v1/*", "/v2/*"]) {
    app.all(path, (c) => refuse(c, unknownUrl(c.req.method, c.req.path), options));
  }
}

/** `/v1/invoices/create_preview` is no invoice of that id: where both fit, the literal path must come first. */
function byLiteralFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.replaceAll(/\{\w+\}/g, "~"));
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

/** What is not there is told only to those who have the key. */
function refuse(c: Context<Env>, refusal: StripeError, options: ApiOptions): Response {
  const requestId = newId("req");
  try {
    authenticate(c, options.sandbox.secretKey);
    return send(c, requestId, errorAnswer(refusal, requestId));
  } catch (error) {
    return send(c, requestId, errorAnswer(asStripeError(error, options), requestId));
  }
}

async function answerRequest(c: Context<Env>, route: Route, keys: IdempotencyKeys, options: ApiOptions) {
  const requestId = newId("req");
  try {
    authenticate(c, options.sandbox.secretKey);
    const request = await readRequest(c, requestId);
    const fault = options.sandbox.faults.forRequest(route.method, request.path);
    if (fault !== null && !isAfterWork(fault)) return await strikeBefore(c, fault);
    const kept = request.key === null ? undefined : beginWith(keys, request, options.sandbox);
    if (kept !== undefined) {
      if (fault?.kind === "timeout") return await hangUp(c, fault.hold_ms ?? 0);
      c.header("Idempotent-Replayed", "true");
      c.header("Original-Request", kept.request_id);
      return send(c, requestId, kept, request.key);
    }
    try {
      options.beforeRequest();
      const failure = fault?.kind === "server_error" ? errorAnswer(orderedFailure(fault), requestId) : null;
      const answer = perform(c, route, request, keys, options, failure);
      c.env.outgoing?.once("close", options.afterAnswer);
      if (fault?.kind === "timeout") return await hangUp(c, fault.hold_ms ?? 0);
      if (fault?.kind === "server_error" && answer === failure) retryHeader(c, fault);
      return send(c, requestId, answer, request.key);
    } finally {
      if (request.key !== null) keys.end(request.key);
    }
  } catch (error) {
    return send(c, requestId, errorAnswer(asStripeError(error, options), requestId));
  }
}

function beginWith(keys: IdempotencyKeys, request: ApiRequest, sandbox: Sandbox) {
  const { path, content } = request;
  return keys.begin(request.key ?? "", { path, body: content, now: sandbox.wallNow() });
}

/** The work, in one transaction with its kept answer; a refusal undoes the work and keeps only the answer. */
function perform(
  c: Context<Env>,
  route: Route,
  request: ApiRequest,
  keys: IdempotencyKeys,
  options: ApiOptions,
  failure: Answer | null = null,
): Answer {
  const { sandbox } = options;
  const eventRequest = { id: request.id, idempotency_key: request.key };
  const remember = (answer: Answer): Answer => {
    if (request.key !== null) {
      const kept = { path: request.path, ...answer, request_id: request.id, created: sandbox.wallNow() };
      keys.keep(request.key, kept, request.content);
    }
    return answer;
  };
  try {
    return sandbox.transaction(() => {
      const answer = work(c, route, request, sandbox);
      return remember(failure ?? answer);
    }, eventRequest);
  } catch (error) {
    const refusal = asStripeError(error, options);
    const answer = errorAnswer(refusal, request.id);
    return refusal.beforeWork ? answer : sandbox.transaction(() => remember(answer));
  }
}

function work(c: Context<Env>, route: Route, request: ApiRequest, sandbox: Sandbox): Answer {
  const { form } = request;
  const name = `${route.method} ${route.path}`;
  readSource(name, form);
  if (request.version === null) modernize(sandbox, name, form);
  const { expand: paths, ...params } =
    route.parameters === undefined ? checkParams(name, form) : checkListed(route.parameters, form);
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
