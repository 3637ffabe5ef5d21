import { dayOf, type Instant } from "@bursar/core";
import type { Context } from "hono";
import { csvRecord } from "../usage/csv.ts";

export type Cells = readonly (string | number | null)[];

/** Whether the caller wants a table for a spreadsheet in place of JSON: names it, and not as less wanted (RFC 9110, 12.5.1). */
export function wantsCsv(c: Context): boolean {
  const accepted = c.req.header("accept") ?? "";
  const wanted = qualityOf("text/csv", accepted);
  return wanted > 0 && wanted >= qualityOf("application/json", accepted);
}

/** From 0, not at all, to 1; a range like `*`/`*` names nothing. */
function qualityOf(mediaType: string, accepted: string): number {
  const [range] = accepted
    .toLowerCase()
    .split(",")
    .map((each) => each.split(";").map((part) => part.trim()))
    .filter(([type]) => type === mediaType);
  if (range === undefined) return 0;
  const quality = Number(range.find((part) => part.startsWith("q="))?.slice(2) ?? 1);
  return Number.isNaN(quality) ? 1 : quality;
}

/**
 * A table as a file, sent as it is read. The number of its rows is told beforehand, so that whoever keeps it can see
 * that nothing was cut off.
 */
export function csvAnswer(
  { name, rowCount }: { readonly name: string; readonly rowCount: number },
  columns: readonly string[],
  rows: AsyncIterable<readonly Cells[]>,
): Response {
  const encoder = new TextEncoder();
  const pages = rows[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvRecord(columns))),
    async pull(controller) {
      const page = await pages.next();
      if (page.done === true) return controller.close();
      controller.enqueue(encoder.encode(page.value.map(csvRecord).join("")));
    },
    cancel: async () => void (await pages.return?.()),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "bursar-row-count": String(rowCount),
    },
  });
}

/** `acme-credits-2026-08-24_2026-11-22.csv` */
export function csvName(
  account: { readonly name: string },
  what: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): string {
  const plain = account.name
    .normalize("NFKD")
    // The marks that were split off their letters.
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${plain === "" ? "account" : plain.slice(0, 60)}-${what}-${dayOf(from)}_${dayOf(to)}.csv`;
}
