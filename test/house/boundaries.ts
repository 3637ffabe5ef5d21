/*
 * Who may import whom. design.md says it in one line; these are its rules for dependency-cruiser. Tests may import
 * what they like, because they stand outside the product, and nothing may import a test.
 */
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";

/**
 * The folders of packages/server/src in levels: a folder may import those of earlier levels, not its neighbours.
 * To tell a later folder something, write an outbox row in the same transaction.
 */
export const serverLevels: readonly (readonly string[])[] = [
  // The machine's clock and ids, the log, the numbers and the settings, for whoever puts things together.
  ["system.ts", "log.ts", "metrics.ts", "settings.ts"],
  ["db"],
  // What may be told, and who changed what: whoever makes something true writes it there.
  ["outbox", "audit"],
  // The prices that the catalogue wants are what Stripe is asked for.
  ["catalog"],
  ["stripe"],
  ["accounts"],
  ["book"],
  // Packs charged to the saved card: what is refunded later pauses auto-recharge, and a plan that ends ends it.
  ["recharge"],
  ["usage", "credits", "seats"],
  // Who signs in; an invitation of `seats` is a way in.
  ["people"],
  ["subscriptions"],
  ["invoices"],
  // A contract that is withdrawn from ends as an unpaid one does.
  ["withdrawals"],
  ["mail", "webhooks"],
  // Reads the outbox and hands each notice to those two.
  ["notices"],
  ["overview"],
  // Only the demo has it.
  ["travel"],
  ["http", "jobs"],
  // The commands start what main puts together, and main may offer them: circles are forbidden by another rule.
  ["cli", "main.ts", "counted.ts"],
];

/** What each workspace may import of the others. */
export const workspaceImports: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/stripe-emulator": [],
  "packages/client": [],
  "packages/react": ["packages/client"],
  "packages/server": ["packages/core", "packages/stripe-emulator"],
  "apps/dashboard": ["packages/client", "packages/react"],
};

const TESTS = String.raw`\.test\.tsx?$`;
const anyOf = (names: readonly string[]) =>
  `(${names.map((name) => name.replace(".", String.raw`\.`)).join("|")})`;

function directionRules(): IForbiddenRuleType[] {
  return serverLevels.flatMap((level, index) =>
    level.map((folder) => {
      const isTop = index === serverLevels.length - 1;
      const later = serverLevels.slice(isTop ? index + 1 : index).flat();
      const forbidden = later.filter((name) => name !== folder);
      return {
        name: `server: ${folder} imports only what stands left of it`,
        severity: "error" as const,
        from: { path: `^packages/server/src/${anyOf([folder])}(/|$)`, pathNot: TESTS },
        to: { path: forbidden.length === 0 ? "^$" : `^packages/server/src/${anyOf(forbidden)}(/|$)` },
      };
    }),
  );
}

function workspaceRules(): IForbiddenRuleType[] {
  return Object.entries(workspaceImports).map(([workspace, allowed]) => ({
    name: `${workspace} imports of ours: ${allowed.join(", ") || "nothing"}`,
    severity: "error" as const,
    from: { path: `^${workspace}/`, pathNot: TESTS },
    to: {
      path: "^(packages|apps|scripts|test|bench|simulation|examples)/",
      pathNot: `^${anyOf([workspace, ...allowed])}/`,
    },
  }));
}

const otherRules: IForbiddenRuleType[] = [
  { name: "no circles, types included", severity: "error", from: {}, to: { circular: true } },
  {
    name: "every import is found",
    comment: "what is not found is not checked either",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "core is pure",
    severity: "error",
    from: { path: "^packages/core/src/", pathNot: TESTS },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "only the gateway imports stripe",
    severity: "error",
    from: {
      path: "^(packages|apps)/",
      pathNot: [
        TESTS,
        "^packages/server/src/stripe/",
        "^packages/stripe-emulator/src/contract/",
        // The emulator checks itself against the SDK: its types in one file, its client in what its tests share.
        String.raw`^packages/stripe-emulator/src/(wire/stripe-types\.ts$|testing/)`,
      ],
    },
    to: { path: "node_modules/stripe/" },
  },
  {
    name: "only the commands start the offline Stripe",
    severity: "error",
    from: { path: "^packages/server/", pathNot: [TESTS, String.raw`^packages/server/src/(cli/|main\.ts)`] },
    to: { path: "^packages/stripe-emulator/" },
  },
  {
    name: "nothing imports a test",
    severity: "error",
    from: {},
    to: { path: TESTS },
  },
];

export interface Boundaries {
  /** Our own modules which were read, as paths from the root. */
  modules: string[];
  /** "rule: from -> to", sorted. */
  violations: string[];
}

/**
 * Reads every import below the given folders of `baseDir` and holds it against the rules.
 *
 * @param folders paths from `baseDir`; each must exist
 */
export async function checkBoundaries(baseDir: string, folders: string[]): Promise<Boundaries> {
  const { output } = await cruise(folders, {
    baseDir,
    validate: true,
    ruleSet: { forbidden: [...directionRules(), ...workspaceRules(), ...otherRules] },
    // Without this, `import type` would be invisible.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  });
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: modules
      .map(({ source }) => source)
      .filter((source) => folders.some((folder) => source.startsWith(`${folder}/`))),
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort(),
  };
}
