/*
 * `npm start`: the page, built if its sources changed, and then the product with its demo account.
 */
import { keepCompiled } from "../packages/server/src/cli/compile-cache.ts";
import { buildPage } from "./build-page.ts";

keepCompiled();
// The server is loaded only now, so that a page which does not build is reported before anything has started.
if (await buildPage()) console.log("Built the page.");
const { demo } = await import("../packages/server/src/cli/demo.ts");
await demo(process.env);
