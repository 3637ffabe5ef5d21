import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How the service on a data folder is reached: it writes this when it has started. */
interface RunningService {
  readonly url: string;
  readonly platformKey: string;
  readonly stripeUrl: string;
  readonly stripeKey: string;
}

export function readRunningService(dataFolder: string): RunningService {
  const path = join(dataFolder, "demo.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as RunningService;
  throw new Error(
    `No service has run on ${dataFolder}. Start it with npm start, set BURSAR_DATA to the folder of one that runs, or set DATABASE_URL, STRIPE_API_BASE and STRIPE_SECRET_KEY.`,
  );
}

/** Asks the running service with its own platform key. */
export async function askService<Answer>(dataFolder: string, path: string, body: unknown): Promise<Answer> {
  const { url, platformKey } = readRunningService(dataFolder);
  const response = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${platformKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new Error(`The service at ${url} does not answer. Start it with npm start.`, { cause });
  });
  const answer = (await response.json()) as Answer & { detail?: string };
  if (!response.ok) throw new Error(answer.detail ?? `The service at ${url} answered ${response.status}.`);
  return answer;
}
