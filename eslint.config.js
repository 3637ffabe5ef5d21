import tseslint from "typescript-eslint";

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
      parserOptions: {
        projectService: {
          allowDefaultProject: ["eslint.config.js", "scripts/*.mjs"],
          defaultProject: "tsconfig.json",
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "take ids and chance from the id source" },
      ],
    },
  },
  {
    // Time is handed in as a Clock; only composition roots, tests and tools may read the machine's.
    files: ["packages/core/src/**/*.ts", "packages/server/src/**/*.ts"],
    ignores: ["**/*.test.ts", "packages/server/src/kernel/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "take the time from the Clock handed in" },
        { object: "Math", property: "random", message: "take ids and chance from the id source" },
      ],
    },
  },
);
