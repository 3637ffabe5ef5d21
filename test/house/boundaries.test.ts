import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBoundaries, serverLevels, workspaceImports, type Boundaries } from "./boundaries.ts";

const root = join(import.meta.dirname, "../..");
const isSource = (path: string) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts");

describe("the imports of this repository", () => {
  const folders = Object.keys(workspaceImports).filter((workspace) =>
    existsSync(join(root, workspace, "src")),
  );
  let found: Boundaries;
  beforeAll(async () => {
    found = await checkBoundaries(
      root,
      folders.map((folder) => `${folder}/src`),
    );
  });

  it("were read from every source file that exists", () => {
    const patterns = folders.map((folder) => `${folder}/src/**/*`);
    const expected = globSync(patterns, { cwd: root }).filter(isSource);
    expect(expected.length).toBeGreaterThan(0);
    expect(found.modules).toEqual(expect.arrayContaining(expected));
  });

  it("point left, have no circle and stay within what each workspace may see", () => {
    expect(found.violations).toEqual([]);
  });

  it("are decided for every folder of the server and every workspace", () => {
    const server = join(root, "packages/server/src");
    const placed = serverLevels.flat();
    const unplaced = (existsSync(server) ? readdirSync(server) : []).filter(
      (name) => !placed.includes(name) && !/^README|\.test\.ts$/.test(name),
    );
    expect(unplaced, "give it a level in test/house/boundaries.ts").toEqual([]);
    const workspaces = globSync("{packages,apps}/*", { cwd: root });
    expect(Object.keys(workspaceImports).sort()).toEqual(workspaces.sort());
  });
});

/** Each case: a small repository with one fault, and the rule that must name it. */
const faults: { fault: string; files: Record<string, string>; named: string }[] = [
  {
    fault: "a domain folder imports http",
    files: {
      "packages/server/src/usage/record.ts": 'import { app } from "../http/app.ts";\nexport const a = app;',
      "packages/server/src/http/app.ts": "export const app = 1;",
    },
    named: "server: usage imports only what stands left of it",
  },
  {
    fault: "a domain folder imports only a type of a later one",
    files: {
      "packages/server/src/book/lane.ts":
        'import type { T } from "../notices/mail.ts";\nexport const a: T = 1;',
      "packages/server/src/notices/mail.ts": "export type T = number;",
    },
    named: "server: book imports only what stands left of it",
  },
  {
    fault: "neighbours of one level import each other",
    files: {
      "packages/server/src/credits/grant.ts": 'import { a } from "../usage/a.ts";\nexport const b = a;',
      "packages/server/src/usage/a.ts": "export const a = 1;",
    },
    named: "server: credits imports only what stands left of it",
  },
  {
    fault: "a folder imports the composition root",
    files: {
      "packages/server/src/jobs/sweep.ts": 'import { a } from "../main.ts";\nexport const b = a;',
      "packages/server/src/main.ts": "export const a = 1;",
    },
    named: "server: jobs imports only what stands left of it",
  },
  {
    fault: "two files import each other by types",
    files: {
      "packages/core/src/book/a.ts": 'import type { B } from "./b.ts";\nexport interface A { b: B }',
      "packages/core/src/book/b.ts": 'import type { A } from "./a.ts";\nexport interface B { a: A }',
    },
    named: "no circles, types included",
  },
  {
    fault: "core imports the server by its package name",
    files: { "packages/core/src/a.ts": 'import { s } from "@bursar/server";\nexport const a = s;' },
    named: "packages/core imports of ours: nothing",
  },
  {
    fault: "core reads a file",
    files: {
      "packages/core/src/a.ts": 'import { readFileSync } from "node:fs";\nexport const a = readFileSync;',
    },
    named: "core is pure",
  },
  {
    fault: "the emulator imports core by a path",
    files: {
      "packages/stripe-emulator/src/a.ts": 'import { c } from "../../core/src/c.ts";\nexport const a = c;',
      "packages/core/src/c.ts": "export const c = 1;",
    },
    named: "packages/stripe-emulator imports of ours: nothing",
  },
  {
    fault: "the client imports the server",
    files: { "packages/client/src/a.ts": 'import { s } from "@bursar/server";\nexport const a = s;' },
    named: "packages/client imports of ours: nothing",
  },
  {
    fault: "the parts of the page import the dashboard",
    files: {
      "packages/react/src/a.tsx":
        'import { d } from "../../../apps/dashboard/src/d.ts";\nexport const a = d;',
      "apps/dashboard/src/d.ts": "export const d = 1;",
    },
    named: "packages/react imports of ours: packages/client",
  },
  {
    fault: "the dashboard imports the server",
    files: { "apps/dashboard/src/a.ts": 'import { s } from "@bursar/server";\nexport const a = s;' },
    named: "apps/dashboard imports of ours: packages/client, packages/react",
  },
  {
    fault: "a folder beside the gateway imports the SDK",
    files: { "packages/server/src/credits/a.ts": 'import Stripe from "stripe";\nexport const a = Stripe;' },
    named: "only the gateway imports stripe",
  },
  {
    fault: "a domain folder starts the offline Stripe",
    files: {
      "packages/server/src/stripe/a.ts":
        'import { e } from "../../../stripe-emulator/src/e.ts";\nexport const a = e;',
      "packages/stripe-emulator/src/e.ts": "export const e = 1;",
    },
    named: "only the commands start the offline Stripe",
  },
  {
    fault: "an import leads nowhere",
    files: { "packages/core/src/a.ts": 'export { x } from "./gone.ts";' },
    named: "every import is found",
  },
];

/** What every small repository has: the server and the SDK under the names that are imported. */
const always: Record<string, string> = {
  "packages/server/package.json": '{ "name": "@bursar/server", "exports": { ".": "./src/main.ts" } }',
  "packages/server/src/main.ts": "export const s = 1;",
  "packages/server/src/stripe/gateway.ts": 'import Stripe from "stripe";\nexport const gateway = Stripe;',
  "node_modules/stripe/package.json": '{ "name": "stripe", "exports": { ".": "./index.js" } }',
  "node_modules/stripe/index.js": "export default 1;",
};

describe("the boundary check finds that", () => {
  const folder = mkdtempSync(join(tmpdir(), "bursar-boundaries-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, files: Record<string, string>): string {
    const repository = join(folder, name.replaceAll(" ", "-"));
    for (const [path, text] of Object.entries({ ...always, ...files })) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    mkdirSync(join(repository, "node_modules/@bursar"));
    symlinkSync(join(repository, "packages/server"), join(repository, "node_modules/@bursar/server"));
    return repository;
  }
  const foldersOf = (repository: string) => globSync("{packages,apps}/*/src", { cwd: repository });

  it.each(faults)("$fault", async ({ fault, files, named }) => {
    const repository = write(fault, files);
    const { violations } = await checkBoundaries(repository, foldersOf(repository));
    expect(violations.map((violation) => violation.slice(0, violation.lastIndexOf(": ")))).toContain(named);
  });

  it("nothing is wrong when nothing is", async () => {
    const repository = write("no fault", {
      "packages/server/src/credits/a.ts":
        'import { gateway } from "../stripe/gateway.ts";\nexport const a = gateway;',
      "packages/server/src/cli/bursar.ts": 'import { s } from "../main.ts";\nexport const b = s;',
    });
    const { modules, violations } = await checkBoundaries(repository, foldersOf(repository));
    expect(violations).toEqual([]);
    expect(modules).toHaveLength(4);
  });
});
