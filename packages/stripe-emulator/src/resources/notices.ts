/** Remembers what was announced, so that it is announced once. */
import type { Notice } from "../entities/notice.ts";
import type { Sandbox } from "../sandbox.ts";

export function rememberNotice(
  sandbox: Sandbox,
  about: { id: string; collection: Notice["collection"] },
  kind: string,
  announced: number,
): void {
  const told = { ...sandbox.store.notices.get(about.id)?.told, [kind]: announced };
  sandbox.store.notices.put({ ...about, told });
}
