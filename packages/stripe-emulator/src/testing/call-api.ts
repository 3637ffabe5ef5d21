/** A call without the SDK, to send what it would not. */
export async function callApi(url: string, path: string, init: RequestInit & { key?: string } = {}) {
  const headers = { Authorization: `Bearer ${init.key ?? "sk_test_emulator"}`, ...init.headers };
  const response = await fetch(`${url}${path}`, { ...init, headers });
  const body = (await response.json()) as { error?: Record<string, unknown>; [field: string]: unknown };
  return { status: response.status, headers: response.headers, body };
}
