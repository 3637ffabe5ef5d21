import { defineConfig } from "vitest/config";

/**
 * Rules: their files start nothing, and most of what one costs is to load its modules. Not the page's: what it begins to
 * load for later may come when the next file has begun, and then there would be two of a module.
 */
const light = "packages/{core,client}/src/**/*.test.{ts,tsx}";

const limits = {
  // Other steps of `npm test` use the same cores.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    // Vitest leaves one core to itself, which of two is half: much of a test is waiting for the database.
    maxWorkers: 2,
    projects: [
      {
        // These share a process, and need no database: half of the time.
        test: { name: "light", include: [light], isolate: false, ...limits },
      },
      {
        test: {
          name: "whole",
          include: [
            "packages/**/src/**/*.test.{ts,tsx}",
            "apps/*/src/**/*.test.{ts,tsx}",
            "test/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "test/browser/**", light],
          globalSetup: "test/support/vitest-setup.ts",
          ...limits,
        },
      },
    ],
  },
});
