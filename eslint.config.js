import tseslint from "typescript-eslint";

/**
 * Folders of packages/server/src which hold billing nouns. They get time and chance handed in, because the
 * simulator and Stripe's test clocks own both. test/house/clock.test.ts checks that these rules reach them.
 */
const domainFolders =
  "accounts,catalog,usage,credits,seats,subscriptions,invoices,recharge,book,outbox,mail,webhooks,notices,overview,stripe";

const handedIn = {
  clock: "take the time from the Clock handed in",
  timers: "take the Clock handed in, or move this work to jobs",
  chance: "take ids and chance from the id source",
};

// Type-checked rules first of all for one bug: an unawaited write to the book.
export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/node_modules/**",
      "**/generated/**",
      "**/*.generated.*",
      ".bursar/**",
      "test-results/**",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      // One program for all: with that of each workspace, what they share would be checked again in each.
      parserOptions: { project: "tsconfig.lint.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-properties": ["error", { object: "Math", property: "random", message: handedIn.chance }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A section of the page is one component: its markup is long and flat, and is read from top to bottom.
    files: ["**/*.tsx"],
    rules: { "max-lines-per-function": ["error", { max: 150, skipBlankLines: true, skipComments: true }] },
  },
  {
    // The callback of a `describe` is a chapter and no function; the tests in it stay short by themselves.
    files: ["**/*.test.ts", "**/*.test.tsx", "test/browser/**"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // Only system.ts, which makes the system Clock, may read the machine's; everybody else is handed one.
    files: ["packages/core/src/**/*.ts", "packages/server/src/**/*.ts"],
    ignores: ["**/*.test.ts", "packages/server/src/system.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: handedIn.clock },
        { object: "performance", property: "now", message: handedIn.clock },
        { object: "Math", property: "random", message: handedIn.chance },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: handedIn.clock },
      ],
    },
  },
  {
    files: ["packages/core/src/**/*.ts", `packages/server/src/{${domainFolders}}/**/*.ts`],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "setTimeout", message: handedIn.timers },
        { name: "setInterval", message: handedIn.timers },
        { name: "setImmediate", message: handedIn.timers },
      ],
    },
  },
  {
    // Plain JavaScript (this file and the installer) is outside every tsconfig, so it has no types to check.
    files: ["**/*.js", "**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
  },
);
