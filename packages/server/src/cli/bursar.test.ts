import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as accounts from "./accounts.ts";
import * as clock from "./clock.ts";
import * as doctor from "./doctor.ts";
import * as keys from "./keys.ts";
import { UsageError, type Command } from "./process.ts";
import * as serve from "./serve.ts";

/** Settings of the person who runs the tests must not reach it. */
function bursarWith(env: Record<string, string>, ...args: string[]) {
  const script = join(import.meta.dirname, "bursar.ts");
  const { PATH = "", HOME = "" } = process.env;
  const how = { encoding: "utf8", env: { PATH, HOME, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], how);
  return { status, stdout, stderr };
}

const COMMANDS: Readonly<Record<string, Command>> = {
  accounts: accounts.command,
  clock: clock.command,
  doctor: doctor.command,
  keys: keys.command,
  serve: serve.command,
};

const bursar = (...args: string[]) => bursarWith({}, ...args);

describe("bursar", () => {
  it("without a command lists them all", () => {
    const { status, stdout } = bursar();
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: bursar COMMAND");
    expect(stdout).toMatch(/^ {2}demo +\S/m);
  });

  it("refuses a command that it does not have, with exit code 2, and lists those that it has", () => {
    const { status, stdout, stderr } = bursar("events", "export");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('"bursar events export" is no command. There is bursar events import.');
    expect(stderr).toMatch(/^ {2}demo +\S/m);
  });

  it("explains a command with --help and does nothing", () => {
    const { status, stdout } = bursar("demo", "--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: bursar demo");
  });

  it.each([
    [["keys"], "Say what to do: list, create or revoke."],
    [["keys", "destroy"], 'bursar keys cannot "destroy": list, create or revoke.'],
    [["keys", "create"], "A key has a name, by which it is known later: --name NAME."],
    [["keys", "create", "--name", " "], "A key has a name, by which it is known later: --name NAME."],
    [["keys", "create", "--name", "a", "--role", "owner"], "With --role name the account too: --account ID."],
    [
      ["keys", "create", "--name", "a", "--account", "acme"],
      "A key of an account has a role: --role owner, ",
    ],
    [
      ["keys", "create", "--name", "a", "--account", "acme", "--role", "king"],
      '--role is one of owner, admin, billing, member, not "king".',
    ],
    [["keys", "create", "more", "--name", "a"], 'bursar keys create does not take "more".'],
    [["keys", "revoke"], "Name the key to revoke, as key_...: bursar keys list shows the ids."],
    [["keys", "revoke", "key_1", "--name", "a"], "bursar keys revoke has no use for --name."],
    [["keys", "list", "--moon"], "Unknown option '--moon'"],
    [["keys", "list", "--account"], "'--account <value>' argument missing"],
    [["accounts"], "Say what to do: list, create, sign-in-link or adjust."],
    [["accounts", "create", "--email", "ann@acme.test"], "An account has a name: --name NAME."],
    [["accounts", "create", "--name", "Acme"], "An account has an address for its invoices: --email EMAIL."],
    [
      ["accounts", "create", "--name", "Acme", "--email", "ann"],
      '--email is an e-mail address, as ann@acme.example, not "ann".',
    ],
    [
      ["accounts", "create", "--name", "Acme", "--email", "a@b.test", "--id", "acc_1"],
      "--id is the product's own id of the account",
    ],
    [["accounts", "list", "--invite"], "bursar accounts list has no use for --invite."],
    [["accounts", "sign-in-link"], "Name the account, as acc_... or by the product's own id"],
    [["accounts", "sign-in-link", "acme", "beta"], 'bursar accounts sign-in-link does not take "beta".'],
    [["clock", "advance"], "Name either --days or --to."],
    [["clock", "advance", "--days", "1", "--to", "2027-01-01T00:00:00Z"], "Name either --days or --to."],
    [["clock", "advance", "--days", "401"], '--days is a whole number from 1 to 400, not "401".'],
    [["clock", "advance", "--days", "0.5"], '--days is a whole number from 1 to 400, not "0.5".'],
    [
      ["clock", "advance", "--to", "tomorrow"],
      '--to is an instant in UTC, as 2027-03-01T00:00:00Z, not "tomorrow".',
    ],
    [["clock", "advance", "--to", "2027-02-31T99:00:00Z"], "--to is an instant in UTC"],
    [["serve", "now"], 'bursar serve takes no arguments, not "now".'],
  ])("%j is refused as called wrongly, the reason first", async ([name = "", ...rest], reason) => {
    const args = name === "clock" ? rest.slice(1) : rest;
    const refused = await COMMANDS[name]!.run(args, {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message.slice(0, 200)).toContain(reason);
  });

  it.each([
    [["clock"], '"bursar clock" is no command. There is bursar clock advance.'],
    [["keys"], "Say what to do: list, create or revoke."],
  ])("%j ends with exit code 2 and the reason on standard error, without a stack", (args, reason) => {
    const { status, stdout, stderr } = bursar(...args);
    expect([status, stdout, stderr.slice(0, reason.length)]).toEqual([2, "", reason]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("has all its commands in the guide", () => {
    const guide = readFileSync(join(import.meta.dirname, "../../../../docs/commands.md"), "utf8");
    const names = [...bursar().stdout.matchAll(/^ {2}(\w+(?: \w+)?) {2,}/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !guide.includes(`| \`${name}\``))).toEqual([]);
  });

  it("says how each is called and how it ends", () => {
    for (const [name, { help }] of Object.entries(COMMANDS)) {
      expect(help).toMatch(new RegExp(`^Usage: bursar ${name}`));
      if (name !== "serve") expect(help).toMatch(/Exit code 0: .*1: .*2: called\s+wrongly/s);
    }
    const said = "Exit codes: 0 done, 1 not done (the last line says why), 2 called wrongly.";
    expect(bursar("help").stdout).toContain(said);
  });

  it("ends with 1 where it could not be done, and says what to do", () => {
    const folder = mkdtempSync(join(tmpdir(), "bursar-cli-"));
    const env = { BURSAR_DATA: folder };
    const moved = bursarWith(env, "clock", "advance", "--days", "1");
    expect([moved.status, moved.stderr]).toEqual([1, expect.stringContaining("Start one with npm start")]);
    const examined = bursarWith(env, "doctor");
    expect([examined.status, examined.stderr]).toEqual([1, expect.stringContaining("DATABASE_URL: ")]);
    const away = { ...env, DATABASE_URL: "postgres://nobody@127.0.0.1:9/bursar" };
    for (const args of [
      ["keys", "list"],
      ["accounts", "list"],
    ]) {
      const { status, stderr } = bursarWith(away, ...args);
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining("The database of DATABASE_URL cannot be used"),
      ]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    rmSync(folder, { recursive: true });
  });
});
