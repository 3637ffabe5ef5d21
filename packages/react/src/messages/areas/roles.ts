import type { Area } from "../area.ts";
import { rolesWords as english } from "../en/roles.ts";

export const rolesWords: Area<"roles"> = {
  name: "roles",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
