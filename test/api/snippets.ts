/* Runs the code blocks of a guide as they stand there, so that a guide cannot say what does not work. */

import { stripTypeScriptTypes } from "node:module";

type Run = (load: (name: string) => unknown, process: object, console: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => Run;

/** `import { a, b } from "c";` becomes a look-up among the modules handed in; everything else runs as written. */
function asFunction(snippet: string): Run {
  const source = stripTypeScriptTypes(snippet).replaceAll(
    /^import \{ (.+) \} from "(.+)";$/gm,
    (_line, names: string, name: string) => `const { ${names} } = load(${JSON.stringify(name)});`,
  );
  return new AsyncFunction("load", "process", "console", source);
}

/**
 * The `ts` blocks of a Markdown text, in their order, each by itself.
 * @returns what they printed
 */
export async function runSnippets(
  markdown: string,
  { modules, env }: { modules: Record<string, unknown>; env: Record<string, string> },
): Promise<string[]> {
  const snippets = [...markdown.matchAll(/```ts\n(.*?)```/gs)].map(([, source]) => source!);
  const printed: string[] = [];
  const load = (name: string) => {
    if (name in modules) return modules[name];
    throw new Error(`A snippet imports ${name}, which its test does not know.`);
  };
  for (const snippet of snippets) {
    const log = (...words: unknown[]) => void printed.push(words.map(String).join(" "));
    await asFunction(snippet)(load, { env }, { log });
  }
  return printed;
}
