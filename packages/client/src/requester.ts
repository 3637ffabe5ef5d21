import { createCall, type CallOptions } from "./call.ts";
import type { RetryOptions } from "./retry.ts";

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

/** The calls of an API by their methods. */
export function createRequester(options: CallOptions): Requester {
  const { retry = {} } = options;
  const call = createCall(options);
  const withBody = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const once: RetryOptions = { tries: 1 };

  return {
    getCsv: (path, query = {}) =>
      call(path + searchOf(query), { headers: { Accept: "text/csv" } }, retry, fileOf),
    get: (path, query = {}) => call(path + searchOf(query), {}),
    post: (path, body, idempotencyKey) =>
      idempotencyKey === undefined
        ? call(path, withBody("POST", body), once)
        : call(path, withBody("POST", body, { "Idempotency-Key": idempotencyKey })),
    postAsked: (path, body) => call(path, withBody("POST", body), once, askedOf),
    postKnown: (path, body, how = {}) => call(path, withBody("POST", body), { ...retry, ...how }),
    patch: (path, body) => call(path, withBody("PATCH", body)),
    put: (path, body) => call(path, withBody("PUT", body), once),
    remove: (path) => call(path, { method: "DELETE" }, once),
  };
}

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
