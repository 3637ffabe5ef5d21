import { useBursar } from "../bursar-context.ts";
import { usageWords } from "../messages/areas/usage.ts";
import { UsageChart } from "../usage/usage-chart.tsx";
import { UsageMeters } from "../usage/usage-meters.tsx";

export function Usage({ search }: { search: string }) {
  const { messages } = useBursar(usageWords);
  return (
    <>
      <UsageChart search={search} />
      <UsageMeters heading={messages.usage.all} />
    </>
  );
}
