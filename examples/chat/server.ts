/* The chat's server: three calls for its page, and the page's files. Everybody is Sam here; sign-in is your product's. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ProblemError } from "@bursar/client";
import { streamText } from "ai";
import { createBilling, type Billing } from "./billing.ts";

/** Sam has one; yours come with the chat. */
const PROJECT = "Flat";

const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css" };

interface ChatOptions {
  bursarUrl: string;
  key: string;
  customer?: string;
  dist?: string;
}

export async function createChat(options: ChatOptions): Promise<Server> {
  const { bursarUrl, key, customer = "sam", dist = join(import.meta.dirname, "dist") } = options;
  const billing = createBilling({ bursarUrl, key, customer });
  await billing.signUp();

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    "POST /chats": async (_request, response) => {
      const { allowed, code = "" } = await billing.mayBegin();
      if (!allowed) return refuse(billing, response, code);
      json(response, 200, { id: crypto.randomUUID() });
    },
    "POST /messages": (request, response) => answer(billing, request, response),
    "POST /billing-token": async (request, response) =>
      json(response, 200, await billing.pageToken(request.headers.origin ?? "")),
  };
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://parrot");
    const route = routes[`${request.method} ${pathname}`];
    if (route === undefined) return sendFile({ bursarUrl, dist, pathname }, response);
    route(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) json(response, 502, { detail: "Something went wrong. Try again." });
      else response.destroy();
    });
  });
}

/** The answer leaves word by word; who stops reading stops the model, and pays for what had come. */
async function answer(billing: Billing, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { chatId, message } = JSON.parse(await text(request)) as { chatId: string; message: string };
  const stop = new AbortController();
  response.once("close", () => stop.abort());
  try {
    await billing.begin(chatId, PROJECT);
    const { stream } = streamText({
      model: billing.modelFor(chatId),
      prompt: message,
      abortSignal: stop.signal,
      onError: () => undefined,
    });
    for await (const part of stream) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") response.write(part.text);
    }
    response.end();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 402) throw error;
    await refuse(billing, response, error.problem.code);
  }
}

/** What the customer reads. The `detail` of a refusal is written for who makes the product. */
const SENTENCES: Record<string, string> = {
  limit_reached: "All chats of this month are used.",
  insufficient_credits: "Too few tokens are left for another answer.",
};

async function refuse(billing: Billing, response: ServerResponse, code: string): Promise<void> {
  const detail = SENTENCES[code] ?? "Your plan does not allow this.";
  json(response, 402, { detail, wayOut: await billing.wayOut() });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendFile(
  { bursarUrl, dist, pathname }: { bursarUrl: string; dist: string; pathname: string },
  response: ServerResponse,
): void {
  const isAsset = /^\/assets\/[\w.-]+$/.test(pathname);
  const name = isAsset ? pathname.slice(1) : "index.html";
  const body = readFileSync(join(dist, name), "utf8");
  const head = `<head><meta name="bursar-url" content="${bursarUrl}" />`;
  response
    .writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "text/html; charset=utf-8",
      "content-security-policy": `default-src 'self'; connect-src 'self' ${bursarUrl}; base-uri 'none'`,
    })
    .end(isAsset ? body : body.replace("<head>", head));
}
