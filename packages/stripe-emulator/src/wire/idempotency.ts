/**
 * Idempotency keys (v1): the first answer under a key, errors included, is kept with the changes it made and given again
 * for a day. Other parameters under the same key are refused; so is a second request while the first is at work.
 */
import type { KeptAnswer } from "../entities/kept-answer.ts";
import { createHash } from "node:crypto";
import type { Collection } from "../store/collection.ts";
import { invalidRequest, StripeError } from "./errors.ts";

const KEPT_SECONDS = 24 * 3600;
const MAX_KEY_LENGTH = 255;

export class IdempotencyKeys {
  readonly #kept: Collection<KeptAnswer>;
  readonly #atWork = new Set<string>();

  constructor(kept: Collection<KeptAnswer>) {
    this.#kept = kept;
  }

  /** Returns the kept answer, or undefined after noting the key as at work: `end` must follow. */
  begin(key: string, request: { path: string; body: string; now: number }): KeptAnswer | undefined {
    if (key.length > MAX_KEY_LENGTH) {
      throw invalidRequest(`Idempotency keys may have up to ${MAX_KEY_LENGTH} characters.`);
    }
    if (this.#atWork.has(key)) throw inFlight(key);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.created > request.now - KEPT_SECONDS) {
      if (kept.path !== request.path || kept.fingerprint !== fingerprint(request.body)) throw mismatch(key);
      return kept;
    }
    this.#atWork.add(key);
    return undefined;
  }

  /** To be called inside the transaction of the work, so that answer and effects are kept together or not at all. */
  keep(key: string, answer: Omit<KeptAnswer, "id" | "fingerprint">, requestBody: string): void {
    this.#forgetOld(answer.created);
    this.#kept.put({ ...answer, id: key, fingerprint: fingerprint(requestBody) });
  }

  end(key: string): void {
    this.#atWork.delete(key);
  }

  /** Keys are stored in the order of their time, so the old ones are at the front. */
  #forgetOld(now: number): void {
    for (const kept of this.#kept.values()) {
      if (kept.created > now - KEPT_SECONDS) return;
      this.#kept.delete(kept.id);
    }
  }
}

function fingerprint(body: string): string {
  return createHash("sha256").update(body).digest("base64");
}

function mismatch(key: string): StripeError {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeError(400, { type: "idempotency_error", message }, { beforeWork: true });
}

function inFlight(key: string): StripeError {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeError(
    409,
    { type: "invalid_request_error", code: "idempotency_key_in_use", message },
    { beforeWork: true },
  );
}
