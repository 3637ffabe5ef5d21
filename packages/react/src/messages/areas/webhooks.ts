import type { Area } from "../area.ts";
import { webhooksWords as english } from "../en/webhooks.ts";

export const webhooksWords: Area<"webhooks"> = {
  name: "webhooks",
  english,
  de: () => import("../de/parts/german-settings.ts"),
};
