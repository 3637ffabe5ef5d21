/*
 * Makes node_modules match package-lock.json before `npm start` and `npm test`, so that a fresh clone needs no
 * other step. It runs on the machine's own Node, which may be too old for the rest of the repository: plain
 * JavaScript without recent syntax, so that even an old Node reaches the sentence that says what to do.
 */
import { spawnSync } from "child_process";
import { createHash } from "crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "fs";
import { dirname, join } from "path";
import { fileURLToPath } from "url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const stampFile = join(modules, ".bursar-lock-hash");
const pinnedNode = join(modules, ".bin", "node");

/** The oldest Node that npm and our tools can be installed with. */
const NODE_TO_INSTALL = [20, 19];
/** The oldest Node that runs TypeScript files as they are. */
const NODE_TO_RUN = [22, 18];

/** @param {number[]} minimum */
function nodeIsAtLeast(minimum) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/**
 * @param {string} sentence what is wrong and what to do about it
 * @returns {never}
 */
function giveUp(sentence) {
  console.error(`\n${sentence}\n`);
  process.exit(1);
}

/** Whether an optional package names this platform: then it should be there, and was added since. */
function isForHere(entry) {
  const fits = (list, mine) => list !== undefined && list.includes(mine);
  // Where a C library is named too, npm knows which one this is and we do not.
  return entry.libc === undefined && fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

/**
 * True when npm's own record of what it installed names the same packages as the lock file. It spares a second
 * installation to whoever ran `npm ci` by hand. Packages for other platforms are optional and may be absent.
 *
 * @param {string} lockText
 */
function isInstalled(lockText) {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(lockText).packages;
  const found = JSON.parse(readFileSync(record, "utf8")).packages;
  const isSame = (path) => {
    if (path === "" || !path.startsWith("node_modules/")) return true;
    if (!found[path]) return wanted[path].optional === true && !isForHere(wanted[path]);
    return found[path].version === wanted[path].version && found[path].integrity === wanted[path].integrity;
  };
  return Object.keys(wanted).every(isSame) && Object.keys(found).every((path) => wanted[path] !== undefined);
}

/** Runs `npm ci` with the npm that called us, on the Node which that npm runs on: it replaces the pinned one. */
function install() {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  process.stdout.write("Installing the packages of package-lock.json (once, a minute or two) ... ");
  const startedAt = Date.now();
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 };
  const result =
    npm && npm.endsWith(".js")
      ? spawnSync(process.env.npm_node_execpath || process.execPath, [npm].concat(args), options)
      : spawnSync("npm", args, Object.assign({ shell: process.platform === "win32" }, options));
  if (result.status !== 0) {
    console.log("failed.");
    console.error(result.error ? String(result.error) : result.stdout + result.stderr);
    giveUp("`npm ci` did not succeed; its own words are above. Is the npm registry reachable?");
  }
  console.log(`done in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/**
 * The pinned Node is linked as node_modules/.bin/node and so comes first for every npm script. A binary which
 * this system cannot run (another C library) would hide the machine's own Node, so its link is removed.
 */
function removePinnedNodeThatCannotRun() {
  if (!existsSync(pinnedNode)) return;
  if (spawnSync(pinnedNode, ["--version"]).status !== 0) rmSync(pinnedNode, { force: true });
}

if (!nodeIsAtLeast(NODE_TO_INSTALL)) {
  giveUp(
    `Bursar needs Node ${NODE_TO_INSTALL.join(".")} or newer, and this is Node ${process.versions.node}. ` +
      "Install a newer one from https://nodejs.org and run the same command again.",
  );
}

const lockText = readFileSync(lockFile, "utf8");
const lockHash = createHash("sha256").update(lockText).digest("hex");
const stamp = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";
if (stamp !== lockHash) {
  if (!isInstalled(lockText)) install();
  removePinnedNodeThatCannotRun();
  writeFileSync(stampFile, lockHash);
}

if (!existsSync(pinnedNode) && !nodeIsAtLeast(NODE_TO_RUN)) {
  giveUp(
    `Bursar runs its TypeScript files directly, which needs Node ${NODE_TO_RUN.join(".")} or newer; this is Node ` +
      `${process.versions.node}, and no newer one came with the packages (there is one for Linux on x64). ` +
      "Install a newer Node from https://nodejs.org and run the same command again.",
  );
}
