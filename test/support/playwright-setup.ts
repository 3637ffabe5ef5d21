import { buildPage } from "../../scripts/build-page.ts";
import { startDatabaseServer } from "./postgres.ts";

/**
 * Playwright calls this once before all workers. The page is built here, because two products that start at the
 * same time would both build it. What is returned runs after the last test.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  await buildPage();
  return startDatabaseServer();
}
