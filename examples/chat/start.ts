/* `npm run example:chat`: builds the page and serves the chat beside the Bursar that `npm start` runs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { createChat } from "./server.ts";

const { PORT = "5200", BURSAR_DATA = join(import.meta.dirname, "../../.bursar") } = process.env;
const demoFile = join(BURSAR_DATA, "demo.json");

if (!existsSync(demoFile)) {
  console.error("Run npm start in another shell first: the chat needs its Bursar.");
  process.exit(1);
}
const { url, platformKey } = JSON.parse(readFileSync(demoFile, "utf8")) as {
  url: string;
  platformKey: string;
};
await build({ root: import.meta.dirname, logLevel: "warn" });
const chat = await createChat({ bursarUrl: url, key: platformKey }).catch((error: unknown) => {
  console.error(`Bursar does not answer at ${url}. Does npm start run?`, error);
  process.exit(1);
});
chat.listen(Number(PORT), "127.0.0.1", () => console.log(`Chat at http://127.0.0.1:${PORT}`));
