import { ProblemError, problemOf } from "./problem-error.ts";

export interface RequesterOptions {
  baseUrl: string;
  token: string | undefined;
  fetch: typeof fetch;
}

type Query = Record<string, string | undefined>;

export interface Requester {
  get: <Answer>(path: string, query?: Query) => Promise<Answer>;
  post: <Answer>(path: string, body: unknown, idempotencyKey?: string) => Promise<Answer>;
  /** DELETE; there is nothing to answer. */
  remove: (path: string) => Promise<void>;
}

/**
 * One road for every call: address, credential, and a {@link ProblemError} for whatever is refused. Without a
 * token the browser's cookie is the credential. A lost connection throws what `fetch` throws, a TypeError.
 */
export function createRequester({ baseUrl, token, fetch: send }: RequesterOptions): Requester {
  const common: Record<string, string> = { Accept: "application/json" };
  if (token !== undefined) common["Authorization"] = `Bearer ${token}`;

  async function ask(path: string, init: RequestInit): Promise<Response> {
    const response = await send(baseUrl + path, { credentials: "same-origin", ...init });
    if (!response.ok) throw new ProblemError(await problemOf(response));
    return response;
  }
  async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
    return (await (await ask(path, init)).json()) as Answer;
  }

  return {
    get: (path, query = {}) => call(path + searchOf(query), { headers: common }),
    post: (path, body, idempotencyKey) => {
      const headers: Record<string, string> = { ...common, "Content-Type": "application/json" };
      if (idempotencyKey !== undefined) headers["Idempotency-Key"] = idempotencyKey;
      return call(path, { method: "POST", headers, body: JSON.stringify(body) });
    },
    remove: async (path) => void (await ask(path, { method: "DELETE", headers: common })),
  };
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search.size === 0 ? "" : `?${search}`;
}
