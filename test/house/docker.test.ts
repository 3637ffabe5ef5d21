/* What can be known of Dockerfile and compose.yaml without Docker. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

interface Compose {
  services: Record<
    string,
    {
      image?: string;
      build?: string;
      environment: Record<string, string>;
      healthcheck?: object;
      depends_on?: Record<string, { condition: string }>;
      volumes?: string[];
    }
  >;
  volumes: Record<string, unknown>;
}

describe("Dockerfile", () => {
  const lines = read("Dockerfile").replaceAll("\\\n", "").split("\n");
  const all = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it("copies what exists, and the manifest of every workspace that the lock file names", () => {
    const copied = all("COPY").filter((line) => !line.startsWith("--from="));
    const sources = copied.flatMap((line) => line.split(" ").slice(0, -1));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, object> };
    const workspaces = Object.keys(packages).filter(
      (path) => path !== "" && !path.startsWith("node_modules"),
    );
    const hasManifest = (path: string) => sources.includes(path) || sources.includes(`${path}/package.json`);
    expect(workspaces.filter((path) => !path.includes("node_modules") && !hasManifest(path))).toEqual([]);
  });

  it("runs scripts and a command that exist, as a user who is not root, with a health check and no secret", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const run = [...read("Dockerfile").matchAll(/npm run (\w+)/g)].map(([, name]) => name!);
    expect(run).toEqual(["build"]);
    expect(run.filter((name) => scripts[name] === undefined)).toEqual([]);
    const [program, file, command] = JSON.parse(all("CMD").at(-1)!) as string[];
    expect([program, existsSync(join(ROOT, file!)), command]).toEqual(["node", true, "serve"]);
    expect(all("USER")).toEqual(["node"]);
    expect(all("HEALTHCHECK")).toHaveLength(1);
    expect([...all("ENV"), ...all("ARG")].join(" ")).not.toMatch(/KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL/);
    const ignored = read(".dockerignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".git", ".bursar", ".env", "**/node_modules"]));
  });
});

describe("compose.yaml", () => {
  const { services, volumes } = parse(read("compose.yaml")) as Compose;

  it("gives the service all that it needs, on PostgreSQL 18 that answers, and asks for each secret", () => {
    const { postgres, bursar } = services;
    expect([postgres!.image, bursar!.build]).toEqual(["postgres:18", "."]);
    expect(bursar!.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
    expect(postgres!.healthcheck).toBeDefined();
    expect(postgres!.volumes!.map((volume) => volume.split(":")[0]!).every((name) => name in volumes)).toBe(
      true,
    );
    const needed = ["DATABASE_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "BURSAR_PUBLIC_URL"];
    expect(Object.keys(bursar!.environment)).toEqual(expect.arrayContaining(needed));
    for (const name of needed) expect(bursar!.environment[name]).toMatch(/\$\{\w+:\?/);
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/KEY|SECRET|PASSWORD|TOKEN|SMTP_URL/.test(name)) expect(value).toMatch(/^\$\{\w+:[?-]/);
      }
    }
    const settings = read("docs/settings.md");
    const unknown = Object.keys(bursar!.environment).filter((name) => !settings.includes(`\`${name}\``));
    expect(unknown).toEqual([]);
  });
});
