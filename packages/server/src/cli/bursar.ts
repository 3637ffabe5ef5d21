#!/usr/bin/env node
/*
 * The commands. Each is a file of its own that is loaded only when it is called for. Exit codes: 0 it is done, 1 it
 * could not be done, 2 it was called wrongly.
 */
import { keepCompiled } from "./compile-cache.ts";
import { fail, UsageError, type Command } from "./process.ts";

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  // Before the command whose name is its beginning.
  "accounts adjust": () => import("./adjust.ts"),
  serve: () => import("./serve.ts"),
  doctor: () => import("./doctor.ts"),
  accounts: () => import("./accounts.ts"),
  keys: () => import("./keys.ts"),
  audit: () => import("./audit.ts"),
  "catalog diff": () => import("./catalog-diff.ts"),
  "catalog push": () => import("./catalog-push.ts"),
  demo: () => import("./demo.ts"),
  "clock advance": () => import("./clock.ts"),
  "events import": () => import("./import-events.ts"),
  reconcile: () => import("./reconcile.ts"),
  verify: () => import("./verify.ts"),
};

async function main(words: readonly string[]): Promise<void> {
  const name = Object.keys(COMMANDS).find((each) => isCalled(each, words));
  if (name === undefined) {
    if (words.length === 0 || words[0] === "help" || isHelp(words[0]!)) return console.log(await overview());
    throw new UsageError(`${whatIsWrong(words)}\n\n${await overview()}`);
  }
  const { command } = await COMMANDS[name]!();
  const args = words.slice(name.split(" ").length);
  if (args.some(isHelp)) return console.log(command.help.trim());
  await command.run(args, process.env);
}

/** Half a command is one that somebody remembers: the other half is told. */
function whatIsWrong(words: readonly string[]): string {
  const wholes = Object.keys(COMMANDS).filter((name) => name.startsWith(`${words[0]} `));
  return wholes.length === 0
    ? `There is no command "${words.join(" ")}".`
    : `"bursar ${words.join(" ")}" is no command. There is ${wholes.map((name) => `bursar ${name}`).join(", ")}.`;
}

function isCalled(name: string, words: readonly string[]): boolean {
  return name.split(" ").every((word, index) => words[index] === word);
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

async function overview(): Promise<string> {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;
  const lines = await Promise.all(
    Object.entries(COMMANDS).map(
      async ([name, load]) => `  ${name.padEnd(width)}${(await load()).command.summary}`,
    ),
  );
  return `Usage: bursar COMMAND\n\n${lines.join("\n")}\n\nbursar COMMAND --help says more. Exit codes: 0 done, 1 not done (the last line says why), 2 called wrongly.`;
}

keepCompiled();
await main(process.argv.slice(2)).catch(fail);
