import { startDatabaseServer } from "./postgres.ts";

/** Vitest calls this once before all test files; what it returns runs after the last. */
export default startDatabaseServer;
