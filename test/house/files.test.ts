import { describe, expect, it } from "vitest";
import { files, linesThatMatch, read, written } from "./repository.ts";

const LONGEST_FILE = 500;

/** Folders of the server which hold no billing noun: plumbing that its file names explain. */
const plumbing = new Set(["kernel", "db", "jobs", "http", "cli"]);

describe("files", () => {
  it("are found", () => {
    expect(written).toContain("test/house/files.test.ts");
    expect(written).toContain(".ci/run");
  });

  it(`have at most ${LONGEST_FILE} lines`, () => {
    const counted = written.filter(
      (path) => /\.(ts|tsx|css|sql|js|mjs)$/.test(path) && !path.endsWith("schema.sql"),
    );
    const long = counted.filter((path) => read(path).trimEnd().split("\n").length > LONGEST_FILE);
    expect(counted.length).toBeGreaterThan(0);
    expect(long, "split it by ideas").toEqual([]);
  });

  it("lie in folders that say what is in them", () => {
    expect(files.filter((path) => /(^|\/)(shared|utils)\//.test(path))).toEqual([]);
  });

  it("of a domain folder have a README.md beside them that explains its words and rules", () => {
    const folders = files.flatMap((path) => {
      const [, folder, name] = /^(packages\/(?:core|server)\/src\/([^/]+))\//.exec(path) ?? [];
      return folder === undefined || plumbing.has(name!) ? [] : [folder];
    });
    const without = [...new Set(folders)].filter((folder) => !files.includes(`${folder}/README.md`));
    expect(without).toEqual([]);
  });

  it("hold no note of work left undone", () => {
    // Put together here, so that this file does not find itself.
    expect(linesThatMatch(written, new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b`))).toEqual(
      [],
    );
  });

  it("name no path of the machine they were written on", () => {
    const machine = new RegExp(`(?<![\\w.}/-])/(${["wo" + "rk", "ro" + "ot"].join("|")})(/|\\b)`);
    expect(machine.test(`"/${"ro" + "ot"}/x"`)).toBe(true);
    expect(linesThatMatch(written, machine)).toEqual([]);
  });
});
