import type { Area } from "../area.ts";
import { notificationsWords as english } from "../en/notifications.ts";

export const notificationsWords: Area<"notifications"> = {
  name: "notifications",
  english,
  de: () => import("../de/parts/german-settings.ts"),
};
