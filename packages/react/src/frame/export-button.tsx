import type { CsvFile } from "@bursar/client";
import { useMutation } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { exportWords } from "../messages/areas/export.ts";

/** Hands a file to the browser. The address is let go of when the browser has had time to take it. */
function save({ name, content }: CsvFile): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
const KEPT_MS = 60_000;

/** What is on screen, as a table for a spreadsheet; with a token too, which a plain link could not send. */
export function ExportButton({ fetchCsv }: { fetchCsv: () => Promise<CsvFile> }) {
  const { messages, say } = useBursar(exportWords);
  const words = messages.export;
  const download = useMutation({
    mutationFn: fetchCsv,
    onSuccess: (file) => {
      save(file);
      say(words.done(file.name));
    },
  });
  return (
    <span className="bursar-export">
      <button
        type="button"
        className="bursar-button"
        aria-disabled={download.isPending ? "true" : undefined}
        onClick={download.isPending ? undefined : () => download.mutate()}
      >
        {download.isPending ? words.busy : words.csv}
      </button>
      {download.data === undefined ? null : (
        <span className="bursar-muted">{words.done(download.data.name)}</span>
      )}
      {download.error === null ? null : (
        <span className="bursar-muted" role="alert">
          {words.failed}
        </span>
      )}
    </span>
  );
}
