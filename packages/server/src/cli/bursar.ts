#!/usr/bin/env node
import { demo } from "./demo.ts";

const COMMANDS: Record<string, (env: NodeJS.ProcessEnv) => Promise<void>> = { demo };

const [name = ""] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  console.error(`Usage: bursar ${Object.keys(COMMANDS).join(" | ")}`);
  process.exitCode = 2;
} else {
  await command(process.env);
}
