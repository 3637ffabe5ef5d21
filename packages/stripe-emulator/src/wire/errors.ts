/**
 * What Stripe answers when it refuses: an HTTP status and an envelope `{error: {type, code, message, param, ...}}`.
 * The SDKs choose their error class by the status alone, so the status is part of the contract.
 */
type ErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

export interface ErrorBody {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  doc_url?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: unknown;
  payment_method?: unknown;
  setup_intent?: unknown;
}

export class StripeError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  /** A declined payment is refused and yet recorded: its PaymentIntent and charge stay. Everything else leaves no trace. */
  readonly keepsChanges: boolean;
  /** Refused before any work began: such an answer is not kept under an idempotency key. */
  readonly beforeWork: boolean;

  constructor(
    status: number,
    body: ErrorBody,
    options: { keepsChanges?: boolean; beforeWork?: boolean } = {},
  ) {
    super(body.message);
    this.status = status;
    this.body =
      body.code === undefined
        ? body
        : { ...body, doc_url: `https://stripe.com/docs/error-codes/${slug(body.code)}` };
    this.keepsChanges = options.keepsChanges ?? false;
    this.beforeWork = options.beforeWork ?? false;
  }
}

function slug(code: string): string {
  return code.replaceAll("_", "-");
}

export interface ErrorDetail {
  code?: string;
  param?: string;
}

/** 400: the request makes no sense, or not now. */
export function invalidRequest(message: string, detail: ErrorDetail = {}): StripeError {
  return new StripeError(400, { type: "invalid_request_error", message, ...detail });
}

/** 400 from the check of parameters, before the route's own work. */
export function invalidParameter(message: string, detail: ErrorDetail = {}): StripeError {
  return new StripeError(400, { type: "invalid_request_error", message, ...detail }, { beforeWork: true });
}

export function parameterMissing(param: string): StripeError {
  return invalidParameter(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}

export function parameterEmpty(param: string): StripeError {
  const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`;
  return invalidParameter(message, { code: "parameter_invalid_empty", param });
}

/** 404 for the object a URL names. */
export function noSuchObject(noun: string, id: string): StripeError {
  return new StripeError(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
    param: "id",
  });
}

/** 400 for an object that a parameter refers to. */
export function noSuchReference(noun: string, id: string, param: string): StripeError {
  return invalidRequest(`No such ${noun}: '${id}'`, { code: "resource_missing", param });
}

export function unauthorized(message: string): StripeError {
  return new StripeError(401, { type: "invalid_request_error", message }, { beforeWork: true });
}

export function unknownUrl(method: string, path: string): StripeError {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new StripeError(404, { type: "invalid_request_error", message }, { beforeWork: true });
}

export function wrongMethod(method: string, path: string, allowed: string[]): StripeError {
  const message = `Unrecognized request method (${method}: ${path}). This URL takes ${allowed.join(" or ")}.`;
  return new StripeError(405, { type: "invalid_request_error", message }, { beforeWork: true });
}

/** Stripe has it and the emulator has not: told apart from a misspelt address, and never mistaken for success. */
export function notServed(route: string, reason = "not built yet"): StripeError {
  const message = `The emulator does not serve ${route}: ${reason}.`;
  return new StripeError(404, { type: "invalid_request_error", message }, { beforeWork: true });
}

export function emulatorFailure(message: string): StripeError {
  return new StripeError(500, { type: "api_error", message });
}
