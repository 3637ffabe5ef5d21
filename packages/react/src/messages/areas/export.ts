import type { Area } from "../area.ts";
import { exportWords as english } from "../en/export.ts";

export const exportWords: Area<"export"> = {
  name: "export",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
