import { spawn } from "node:child_process";

export interface LastWill {
  /** Takes it back: what it would have done has been done in order. */
  revoke(): void;
}

/**
 * Has a shell carry out `script` once this process is gone, even by SIGKILL, so that a cancelled test run leaves no
 * server and no folder behind. The shell waits for the end of a pipe that only this process holds open.
 *
 * @param script lines of POSIX shell; `args` are its $1, $2 and so on
 */
export function lastWill(script: string, ...args: string[]): LastWill {
  const shell = spawn("/bin/sh", ["-c", `cat > /dev/null\n${script}`, "sh", ...args], {
    // A group of its own, because Ctrl-C in a terminal goes to the whole group of the test run.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  return { revoke: () => void shell.kill("SIGKILL") };
}
