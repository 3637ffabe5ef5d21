import { createBackend, type AccountBackend, type RetryOptions } from "./index.ts";

interface HoldState {
  tokens: number;
  is: "open" | "released" | { settled: number };
}

/**
 * What the holds of one account come to at a server, as far as a client sees it: a hold per idempotency key, and a
 * settle or release that is repeated answers the same. Faults happen before or after the work.
 */
export class HoldServer {
  readonly holds: HoldState[] = [];
  /** Method and path of each request, and its status; "lost" where the answer was. */
  readonly log: string[] = [];
  /** Seconds and chance are not waited for; this is what would have been. */
  readonly pauses: number[] = [];
  /** Taken one a request: what goes wrong with it. */
  readonly faults: ("lost before" | "lost after" | "busy" | null)[] = [];
  available = 1_000_000;
  readonly #known = new Map<string, number>();

  account(retry: RetryOptions = {}): AccountBackend {
    const pause = (ms: number) => (this.pauses.push(ms), Promise.resolve());
    return createBackend({
      baseUrl: "https://billing.acme.example",
      key: "bsk_1",
      retry: { pause, ...retry },
      fetch: (url, init) => this.#answer(new URL(url as string).pathname, init ?? {}),
    }).forAccount("acme");
  }

  /** What became of each hold, as a line. */
  outcomes(): string[] {
    return this.holds.map(({ tokens, is }) =>
      typeof is === "string" ? `${tokens} ${is}` : `${tokens} settled ${is.settled}`,
    );
  }

  #answer(path: string, init: RequestInit): Promise<Response> {
    const fault = this.faults.shift() ?? null;
    const line = path.replace("/api/holds", "").replace(/^$/, "hold");
    if (fault === "lost before") return this.#lose(line);
    if (fault === "busy") {
      this.log.push(`${line} 503`);
      return Promise.resolve(problem(503, "unavailable", { "retry-after": "2" }));
    }
    const response = this.#work(path, init);
    if (fault === "lost after") return this.#lose(line);
    this.log.push(`${line} ${response.status}`);
    return Promise.resolve(response);
  }

  #lose(line: string): Promise<never> {
    this.log.push(`${line} lost`);
    return Promise.reject(new TypeError("fetch failed"));
  }

  #work(path: string, init: RequestInit): Response {
    const body = JSON.parse(init.body as string) as { tokens?: number };
    const [, id, deed] = /holds\/(\d+)\/(\w+)/.exec(path) ?? [];
    if (id === undefined) return this.#hold(body.tokens!, new Headers(init.headers).get("Idempotency-Key")!);
    const hold = this.holds[Number(id)]!;
    const wanted: HoldState["is"] = deed === "release" ? "released" : { settled: body.tokens! };
    if (hold.is !== "open" && JSON.stringify(hold.is) !== JSON.stringify(wanted)) {
      return problem(409, "hold_closed");
    }
    hold.is = wanted;
    if (deed === "release") return new Response(null, { status: 204 });
    return Response.json({ fromAllocation: body.tokens, fromCredits: 0, balance: 0 });
  }

  #hold(tokens: number, key: string): Response {
    if (tokens > this.available) return problem(402, "insufficient_credits");
    if (!this.#known.has(key)) this.#known.set(key, this.holds.push({ tokens, is: "open" }) - 1);
    return Response.json({ id: String(this.#known.get(key)), tokens, expiresAt: "2026-01-01T00:00:00Z" });
  }
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: "about:blank", title: code, status, detail: `${code}.`, code, requestId: "req_1" };
  return Response.json(body, { status, headers });
}
