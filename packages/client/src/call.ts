import { ProblemError, problemOf } from "./problem-error.ts";
import { repeatedly, type RetryOptions, type Tried } from "./retry.ts";

/** A token, or what gives a current one, called before every request. */
export type TokenSource = string | (() => string | Promise<string>);

export interface CallOptions {
  baseUrl: string;
  token: TokenSource | undefined;
  fetch: typeof fetch;
  retry?: RetryOptions;
  /** Sent with every call. */
  headers?: Record<string, string>;
  /** A try without an answer after this long counts as lost. None if not given. */
  timeoutMs?: number;
}

/** Sends one request, again where it may be, and reads its answer: as JSON unless said. */
export type Call = <Answer>(
  path: string,
  init: RequestInit,
  how?: RetryOptions,
  read?: (response: Response) => Promise<unknown>,
) => Promise<Answer>;

/**
 * One road for every call: address, credential, and a {@link ProblemError} for whatever is refused. Without a
 * token the browser's cookie is the credential. A connection that stays lost throws what `fetch` throws, a TypeError.
 */
export function createCall(options: CallOptions): Call {
  const { baseUrl, token, fetch: send, retry = {}, timeoutMs } = options;

  async function attempt<Answer>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<unknown>,
  ): Promise<Tried<Answer>> {
    try {
      const headers = {
        Accept: "application/json",
        ...options.headers,
        ...(init.headers as Record<string, string>),
        ...(await authorization(token)),
      };
      const signal = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
      const response = await send(baseUrl + path, {
        credentials: "same-origin",
        ...signal,
        ...init,
        headers,
      });
      if (response.ok) {
        // The answer counts once it is read: a connection can be lost in the middle of it.
        return { is: "answered", answer: (await read(response)) as Answer };
      }
      const problem = await problemOf(response);
      const retryAfter = response.headers.get("Retry-After");
      return { is: "refused", problem, retryAfter, error: new ProblemError(problem) };
    } catch (error) {
      return { is: "lost", error };
    }
  }
  return (path, init, how = retry, read = jsonOf) => repeatedly(() => attempt(path, init, read), how);
}

export async function authorization(token: TokenSource | undefined): Promise<Record<string, string>> {
  if (token === undefined) return {};
  return { Authorization: `Bearer ${typeof token === "string" ? token : await token()}` };
}

const jsonOf = (response: Response): Promise<unknown> =>
  response.status === 204 ? Promise.resolve(undefined) : response.json();
