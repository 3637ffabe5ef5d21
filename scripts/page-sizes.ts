/*
 * Builds the page and holds it to its sizes: what a browser loads before it shows anything, compressed as a server sends
 * it, and what of it is ours. A page that grows past them fails the tests, and whoever made it grow decides. Where a
 * budget cannot be met, the gate is at what there is, and docs/benchmarks.md says what the bytes are.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage } from "./build-page.ts";
import { hostedSize, measureSizes } from "./own-sizes.ts";

const dist = join(import.meta.dirname, "../apps/dashboard/dist");
const KB = 1_000;

await buildPage();
const index = readFileSync(join(dist, "index.html"), "utf8");
const filesAtFirst = readdirSync(join(dist, "assets")).filter((name) => index.includes(name)).length;
const own = await measureSizes();

const sizes = [
  { what: "scripts at first", is: hostedSize(".js"), most: 101 * KB, budget: 125 * KB },
  { what: "styles at first", is: hostedSize(".css"), most: 10 * KB },
  { what: "our own scripts, the billing page in English", is: own.page, most: 59.5 * KB, budget: 40 * KB },
  { what: "our own scripts, every screen and language", is: own.all, most: 91 * KB, budget: 40 * KB },
  { what: "our own scripts at first", is: own.firstScreen, most: 16.5 * KB, budget: 20 * KB },
  { what: "our own scripts, UsageMeters alone", is: own.metersAlone, most: 9.1 * KB, budget: 4 * KB },
  { what: "the chart", is: own.chart, most: 3 * KB, budget: 5 * KB },
  // The page itself, its mark, and the overview's two calls come on top of these.
  { what: "files at first", is: filesAtFirst, most: 2 },
];
for (const { what, is, most, budget = most } of sizes)
  console.log(`${what}: ${is} of at most ${most}${budget === most ? "" : `, the budget is ${budget}`}`);
const over = sizes.filter(({ is, most }) => is > most || is === 0);
if (over.length > 0) {
  console.error(`Too large, or missing: ${over.map(({ what }) => what).join(", ")}.`);
  process.exitCode = 1;
}
