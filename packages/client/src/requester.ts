import { ProblemError, problemOf } from "./problem-error.ts";
import { repeatedly, type RetryOptions, type Tried } from "./retry.ts";

/** A token, or what gives a current one, called before every request. */
export type TokenSource = string | (() => string | Promise<string>);

export interface RequesterOptions {
  baseUrl: string;
  token: TokenSource | undefined;
  fetch: typeof fetch;
  retry?: RetryOptions;
  /** Sent with every call. */
  headers?: Record<string, string>;
  /** A try without an answer after this long counts as lost. None if not given. */
  timeoutMs?: number;
}

type Query = Record<string, string | undefined>;

export interface CsvFile {
  /** `acme-events-2026-11-01_2026-11-22.csv` */
  name: string;
  content: Blob;
}

export interface Requester {
  get: <Answer>(path: string, query?: Query) => Promise<Answer>;
  /** A table for a spreadsheet, with the name that the server gives it. */
  getCsv: (path: string, query?: Query) => Promise<CsvFile>;
  /** Sent again after a lost answer only with an idempotency key. */
  post: <Answer>(path: string, body: unknown, idempotencyKey?: string) => Promise<Answer>;
  /** The same without a key, with the id that the server gave this request, to ask about. */
  postAsked: <Answer>(path: string, body: unknown) => Promise<Answer & { requestId: string }>;
  /** A POST that may always be repeated: the server knows it again by the ids in it, or it writes nothing that counts. */
  postKnown: <Answer>(path: string, body: unknown, retry?: RetryOptions) => Promise<Answer>;
  patch: <Answer>(path: string, body: unknown) => Promise<Answer>;
  put: <Answer>(path: string, body: unknown) => Promise<Answer>;
  /** DELETE; there is nothing to answer. */
  remove: (path: string) => Promise<void>;
}

/**
 * One road for every call: address, credential, and a {@link ProblemError} for whatever is refused. Without a
 * token the browser's cookie is the credential. A connection that stays lost throws what `fetch` throws, a TypeError.
 */
export function createRequester(options: RequesterOptions): Requester {
  const { baseUrl, token, fetch: send, retry = {}, timeoutMs } = options;
  const common: Record<string, string> = { Accept: "application/json", ...options.headers };

  async function attempt<Answer>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<unknown>,
  ): Promise<Tried<Answer>> {
    try {
      const signal = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
      const headers = { ...(init.headers as Record<string, string>), ...(await authorization(token)) };
      const request = { credentials: "same-origin", ...signal, ...init, headers } as const;
      const response = await send(baseUrl + path, request);
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
  const call = <Answer>(path: string, init: RequestInit, how: RetryOptions, read = jsonOf): Promise<Answer> =>
    repeatedly(() => attempt<Answer>(path, init, read), how);

  const withBody = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { ...common, "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const once: RetryOptions = { tries: 1 };

  return {
    getCsv: (path, query = {}) =>
      call(path + searchOf(query), { headers: { ...common, Accept: "text/csv" } }, retry, fileOf),
    get: (path, query = {}) => call(path + searchOf(query), { headers: common }, retry),
    post: (path, body, idempotencyKey) =>
      idempotencyKey === undefined
        ? call(path, withBody("POST", body), once)
        : call(path, withBody("POST", body, { "Idempotency-Key": idempotencyKey }), retry),
    postAsked: (path, body) => call(path, withBody("POST", body), once, askedOf),
    postKnown: (path, body, how = {}) => call(path, withBody("POST", body), { ...retry, ...how }),
    patch: (path, body) => call(path, withBody("PATCH", body), retry),
    put: (path, body) => call(path, withBody("PUT", body), once),
    remove: (path) => call(path, { method: "DELETE", headers: common }, once),
  };
}

export async function authorization(token: TokenSource | undefined): Promise<Record<string, string>> {
  if (token === undefined) return {};
  return { Authorization: `Bearer ${typeof token === "string" ? token : await token()}` };
}

const jsonOf = (response: Response): Promise<unknown> =>
  response.status === 204 ? Promise.resolve(undefined) : response.json();

async function askedOf(response: Response): Promise<unknown> {
  const answer = (await response.json()) as object;
  return { ...answer, requestId: response.headers.get("Request-Id") ?? "" };
}

async function fileOf(response: Response): Promise<CsvFile> {
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { name: named ?? "export.csv", content: await response.blob() };
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search.size === 0 ? "" : `?${search}`;
}
