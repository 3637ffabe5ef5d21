/*
 * npm run audit: known holes in the packages that run in production. npm's own command fails the same way for a hole and
 * for a registry that does not answer; here the two are told apart, and neither is taken for "all is well".
 *
 * Exit code 0: the registry answered and knows of none. 1: it knows of some. 2: nothing was checked.
 */
import { spawnSync } from "node:child_process";

const UNCHECKED = 2;

interface Verdict {
  readonly status: 0 | 1 | typeof UNCHECKED;
  readonly sentence: string;
}

/** @param stdout what `npm audit --json` printed */
export function judge(stdout: string): Verdict {
  const report = parse(stdout);
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = report?.message ?? report?.error?.summary ?? "npm gave no reason";
    const sentence = `NOT CHECKED: the registry did not answer the question (${why.trim()}). This says nothing about the packages. Ask again where the registry answers audits, before you rely on it.`;
    return { status: UNCHECKED, sentence };
  }
  const { total = 0, ...bySeverity } = counts;
  if (total === 0)
    return { status: 0, sentence: "The registry knows of no hole in the packages of production." };
  const parts = Object.entries(bySeverity).flatMap(([severity, count]) =>
    count > 0 ? [`${count} ${severity}`] : [],
  );
  const names = Object.keys(report?.vulnerabilities ?? {}).join(", ");
  return {
    status: 1,
    sentence: `${total} known holes (${parts.join(", ")}): ${names}. npm audit --omit=dev tells more.`,
  };
}

interface Report {
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

function parse(text: string): Report | null {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const asked = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
  const { status, sentence } = judge(asked.stdout);
  console.log(sentence);
  process.exitCode = status;
}
