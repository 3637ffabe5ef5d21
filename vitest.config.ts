import { defineConfig } from "vitest/config";

/** Needs a compiler for its markup, and what it begins to load for later may come when the next file has begun. */
const page = ["packages/react/src/**/*.test.ts", "{packages,apps}/**/src/**/*.test.tsx"];
/** Rules: their files start nothing. */
const light = "packages/{core,client}/src/**/*.test.ts";

/** Theirs are processes of their own, or looks at the files of the house: to share one would save little. */
const apart = [
  "test/{house,docs,support}/**/*.test.ts",
  "test/api/{back-up,crash,serve,start,stopping,time-travel,two-servers}.test.ts",
  "test/book/{crash,verify-command}.test.ts",
  "test/notices/killed-server.test.ts",
  "packages/server/src/cli/bursar.test.ts",
];
const others = ["packages/**/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "test/**/*.test.ts"];

/**
 * Most of what a file costs is the start of a process and of what it runs, above all PostgreSQL as WebAssembly: so the files
 * share two processes, which load a module once. Node runs our TypeScript as it is, as it does in production.
 */
const together = { isolate: false, experimental: { viteModuleRunner: false, nodeLoader: false } };

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
      { test: { name: "page", include: page, ...limits } },
      { test: { name: "light", include: [light], ...together, ...limits } },
      {
        test: {
          name: "whole",
          include: others,
          exclude: ["**/node_modules/**", "test/browser/**", ...page, light, ...apart],
          globalSetup: "test/support/vitest-setup.ts",
          ...together,
          ...limits,
        },
      },
      { test: { name: "apart", include: apart, globalSetup: "test/support/vitest-setup.ts", ...limits } },
    ],
  },
});
