/**
 * Pages that change a subscription do it through the API's own door, so that they refuse, invoice and tell exactly as
 * the API does.
 */
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import type { Sandbox } from "../sandbox.ts";

type ApiAnswer = { ok: true; body: Record<string, unknown> } | { ok: false; message: string };

export type ApiCall = (
  c: Context<Env>,
  method: "DELETE" | "POST",
  path: string,
  params: Record<string, string>,
) => Promise<ApiAnswer>;

export function apiOf(app: Hono<Env>, sandbox: Sandbox): ApiCall {
  return async (c, method, path, params) => {
    const text = new URLSearchParams(params).toString();
    const headers = {
      Authorization: `Bearer ${sandbox.secretKey}`,
      "Content-Type": "application/x-www-form-urlencoded",
    };
    const request =
      method === "POST"
        ? app.request(path, { method, headers, body: text }, c.env)
        : app.request(`${path}?${text}`, { method, headers }, c.env);
    const answer = await request;
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) return { ok: true, body };
    const { message } = body["error"] as { message: string };
    return { ok: false, message };
  };
}
