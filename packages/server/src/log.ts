import { pino, type Logger } from "pino";

export type Log = Logger;

interface Destination {
  write(line: string): void;
}

/**
 * JSON lines on standard error. Bodies, query values, keys and card data are never handed to it; errors of libraries may
 * hold some all the same, so every line is looked through before it leaves.
 */
export function createLog(level: string, destination: Destination = process.stderr): Log {
  return pino(
    { level, base: null, serializers: { err: plainError } },
    { write: (line: string) => void destination.write(withoutSecrets(line)) },
  );
}

/** What a program may be told of a cause of a cause. */
const CAUSES_MAX = 4;

interface PlainError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: PlainError;
}

/** Libraries hang requests, rows and addresses on their errors; of all that only this is written. */
function plainError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(depth > 0 || stack === undefined ? {} : { stack }),
    ...(cause === undefined || depth >= CAUSES_MAX ? {} : { cause: plainError(cause, depth + 1) }),
  };
}

const STRUCK_OUT = "[struck out]";

/**
 * By their form: our own secrets (bsk_, bak_, bst_, bss_, bsl_, bsi_, bsp_), Stripe's keys, signing secrets, signed tokens
 * of the product, the password in an address, and runs of digits as long as a card's number.
 */
const SECRETS = new RegExp(
  [
    String.raw`\bbs[a-z]_[\w-]{16,}`,
    String.raw`\bbak_[\w-]{16,}`,
    String.raw`\b[srp]k_(?:live|test)_\w+`,
    String.raw`\bwhsec_[\w+/=-]+`,
    String.raw`(?<=:\/\/[^\s\/:@"]*:)[^\s\/@"]+(?=@)`,
    String.raw`(?<!":)(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\w)`,
  ].join("|"),
  "g",
);

/** pino's own time is a run of digits too, at the place where it always is. */
const HEAD = /^\{"level":\d+,"time":\d+/;

function withoutSecrets(line: string): string {
  const head = HEAD.exec(line)?.[0] ?? "";
  return head + strikeOut(line.slice(head.length));
}

/** A text for others, without what looks like a secret. It may be long and made by anybody: its time grows as it does. */
export function strikeOut(text: string): string {
  const plain = text.replaceAll(SECRETS, STRUCK_OUT);
  return plain.includes("eyJ") ? plain.replaceAll(/[\w.-]+/g, withoutTokens) : plain;
}

/** A signed token is three parts with points between; one pattern for it would take a time that is the square of a text's. */
function withoutTokens(run: string): string {
  const parts = run.split(".");
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    const at = index + 2 < parts.length && parts[index + 1] !== "" ? part.search(/\beyJ[\w-]{10}/) : -1;
    kept.push(at === -1 ? part : part.slice(0, at) + STRUCK_OUT);
    if (at !== -1) index += 2;
  }
  return kept.join(".");
}
