import { describe, expect, it } from "vitest";
import { files, read } from "./repository.ts";

type Versions = Record<string, string>;
interface Manifest {
  dependencies?: Versions;
  devDependencies?: Versions;
  optionalDependencies?: Versions;
}

/** Also of a package that is installed under another name. */
const exact = /^(npm:[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

describe("packages", () => {
  it("are named with exact versions, so that two installations are the same", () => {
    const manifests = files.filter((path) => /(^|\/)package\.json$/.test(path));
    const loose = manifests.flatMap((path) => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path)) as Manifest;
      const versions = { ...dependencies, ...devDependencies, ...optionalDependencies };
      return Object.entries(versions).flatMap(([name, version]) =>
        exact.test(version) ? [] : [`${path}: ${name} ${version}`],
      );
    });
    expect(manifests).toContain("package.json");
    expect(loose).toEqual([]);
  });

  it("are locked without the name of a registry, so that any mirror serves them", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { resolved?: string }>;
    };
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved?.includes("://"));
    expect(hosts.map(([name]) => name)).toEqual([]);
  });
});
