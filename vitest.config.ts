import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/browser/**"],
    globalSetup: "test/support/vitest-setup.ts",
    // Vitest leaves one core to itself, which of two is half: much of a test is waiting for the database.
    maxWorkers: 2,
    // Other steps of `npm test` use the same cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
