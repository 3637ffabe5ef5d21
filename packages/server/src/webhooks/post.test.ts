import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Reach } from "./address.ts";
import { createPost, type Resolve } from "./post.ts";
import { SELF_SIGNED } from "./self-signed.test-data.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
});

async function listen(answer: RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  server = createServer((request, response) => {
    seen.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

/** A name server that knows one answer. */
const resolving = (...addresses: string[]) =>
  ((_name, _options, callback: (error: null, found: { address: string; family: number }[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    )) as Resolve;

const send = (post: ReturnType<typeof createPost>, url: string, reach: Reach = "public") =>
  post({ url, reach, headers: { "webhook-id": "ntc_1" }, body: "{}" });

describe("a webhook's request", () => {
  it("hands body and headers over, and hears the status", async () => {
    let got = "";
    const { port } = await listen((request, response) => {
      request.on("data", (chunk: Buffer) => (got += chunk.toString()));
      request.on("end", () => {
        got += request.headers["webhook-id"] as string;
        response.writeHead(204).end();
      });
    });
    expect(await send(createPost(), `http://127.0.0.1:${port}/`, "loopback")).toEqual({
      code: "answered",
      status: 204,
    });
    expect(got).toBe("{}ntc_1");
  });

  it.each([["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]])(
    "does not reach a name that leads to %s %s, and nothing is sent",
    async (...addresses: string[]) => {
      const { port, seen } = await listen((_request, response) => response.end());
      const outcome = await send(createPost(resolving(...addresses)), `http://hooks.example:${port}/`);
      expect(outcome).toMatchObject({ code: "failed" });
      expect((outcome as { error: string }).error).toContain("private network");
      expect(seen).toEqual([]);
    },
  );

  it("connects to the very address that was judged, though the name means another a moment later", async () => {
    const { port, seen } = await listen((_request, response) => response.end());
    const answers = ["127.0.0.1", "10.0.0.1"];
    let asked = 0;
    const changing: Resolve = ((...given: Parameters<Resolve>) =>
      (resolving(answers[asked++] ?? "10.0.0.1") as (...all: unknown[]) => void)(...given)) as Resolve;
    const outcome = await send(createPost(changing), `http://hooks.example:${port}/`, "loopback");
    expect([outcome, asked, seen]).toEqual([{ code: "answered", status: 200 }, 1, ["/"]]);
  });

  it("does not go to an address in the URL itself either", async () => {
    const { port, seen } = await listen((_request, response) => response.end());
    expect(await send(createPost(), `http://127.0.0.1:${port}/`)).toMatchObject({ code: "failed" });
    expect(seen).toEqual([]);
  });

  it("does not follow a redirect", async () => {
    const { port, seen } = await listen((_request, response) =>
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
    );
    expect(await send(createPost(), `http://127.0.0.1:${port}/first`, "loopback")).toEqual({
      code: "answered",
      status: 302,
    });
    expect(seen).toEqual(["/first"]);
  });

  it("waits for an answer only so long", async () => {
    const { port } = await listen(() => {});
    const post = createPost(undefined, { timeoutMs: 50 });
    expect(await send(post, `http://127.0.0.1:${port}/`, "loopback")).toEqual({
      code: "failed",
      error: "No answer in time.",
    });
  });

  it("reads an endless answer only to its bound", async () => {
    const { port } = await listen((_request, response) => {
      const more = () => {
        if (!response.destroyed) response.write("x".repeat(16_384), () => setImmediate(more));
      };
      more();
    });
    expect(await send(createPost(), `http://127.0.0.1:${port}/`, "loopback")).toEqual({
      code: "answered",
      status: 200,
      excerpt: "x".repeat(500),
    });
  });

  it("reads of a 10 MB answer only what it needs, and leaves the connection", async () => {
    let sent = 0;
    const left = Promise.withResolvers<void>();
    const { port } = await listen((_request, response) => {
      response.on("close", left.resolve);
      const more = () => {
        if (response.destroyed || sent >= 10_000_000) return response.end();
        sent += 16_384;
        return response.write("x".repeat(16_384), () => setImmediate(more));
      };
      more();
    });
    expect(await send(createPost(), `http://127.0.0.1:${port}/`, "loopback")).toMatchObject({ status: 200 });
    await left.promise;
    // What lies in the buffers of both systems is sent too.
    expect(sent).toBeLessThan(9_000_000);
  });

  it("takes the status of an answer whose rest never comes", async () => {
    const { port } = await listen((_request, response) => {
      response.writeHead(202);
      response.write("taken, and now we are slow");
    });
    const post = createPost(undefined, { timeoutMs: 1_500 });
    expect(await send(post, `http://127.0.0.1:${port}/`, "loopback")).toEqual({
      code: "answered",
      status: 202,
      excerpt: "taken, and now we are slow",
    });
  });

  it("waits for a name server only so long", async () => {
    const silent = (() => {}) as unknown as Resolve;
    const post = createPost(silent, { timeoutMs: 50 });
    expect(await send(post, "https://hooks.example/")).toEqual({
      code: "failed",
      error: "No answer in time.",
    });
  });

  it("says it when there is no TLS where there should be", async () => {
    const { port, seen } = await listen((_request, response) => response.end());
    const outcome = await send(createPost(), `https://127.0.0.1:${port}/`, "loopback");
    expect(outcome).toMatchObject({ code: "failed" });
    expect((outcome as { error: string }).error).toMatch(/SSL|TLS|EPROTO/i);
    expect(seen).toEqual([]);
  });

  it.each([
    [
      "hooks.example",
      /^The endpoint's certificate is not trusted: it is signed by itself\. Nothing was sent\.$/,
    ],
    [
      "other.example",
      /^The endpoint's certificate is not trusted: it is (signed by itself|for another name)\./,
    ],
  ])("sends nothing to %s, whose certificate nobody vouches for, and says so", async (name, sentence) => {
    const seen: string[] = [];
    const tls = createTlsServer(SELF_SIGNED, (request, response) => {
      seen.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const { port } = tls.address() as AddressInfo;
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    // What somebody once set for something else must not open this.
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    const post = createPost(resolving("127.0.0.1"));
    const outcome = await send(post, `https://${name}:${port}/`, "loopback");
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    await new Promise((resolve) => tls.close(resolve));
    expect(outcome).toMatchObject({ code: "failed", error: expect.stringMatching(sentence) as unknown });
    expect(seen).toEqual([]);
  });

  it("looks a name up at each try: one that leads into a private network by then is refused by then", async () => {
    const { port, seen } = await listen((_request, response) => response.end());
    const answers = ["127.0.0.1", "192.168.0.7", "127.0.0.1"];
    const rebinding: Resolve = ((...given: Parameters<Resolve>) =>
      (resolving(answers.shift()!) as (...all: unknown[]) => void)(...given)) as Resolve;
    const post = createPost(rebinding);
    const outcomes = [];
    for (const path of ["first", "second", "third"]) {
      outcomes.push(await send(post, `http://hooks.example:${port}/${path}`, "loopback"));
    }
    expect(outcomes.map(({ code }) => code)).toEqual(["answered", "failed", "answered"]);
    expect(seen).toEqual(["/first", "/third"]);
  });

  it("cuts an answer that comes a byte at a time", async () => {
    const { port } = await listen((_request, response) => {
      const drip = setInterval(
        () => (response.destroyed ? clearInterval(drip) : response.writeProcessing()),
        5,
      );
    });
    const post = createPost(undefined, { timeoutMs: 100 });
    const outcome = await send(post, `http://127.0.0.1:${port}/`, "loopback");
    expect(outcome).toEqual({ code: "failed", error: "No answer in time." });
  });

  it("keeps the beginning of an answer, without what breaks a page or a database", async () => {
    const { port } = await listen((_request, response) =>
      response.writeHead(500).end(`bad\u0000 day\u001b[31m\n${"a".repeat(484)}\u20ac`),
    );
    expect(await send(createPost(), `http://127.0.0.1:${port}/`, "loopback")).toEqual({
      code: "answered",
      status: 500,
      excerpt: `bad day[31m\n${"a".repeat(484)}`,
    });
  });

  it("says what went wrong when nobody is there", async () => {
    const { port } = await listen(() => {});
    server!.close();
    const outcome = await send(createPost(), `http://127.0.0.1:${port}/`, "loopback");
    expect(outcome).toMatchObject({ code: "failed" });
    expect((outcome as { error: string }).error).toContain("ECONNREFUSED");
  });
});
