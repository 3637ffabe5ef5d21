import type { Area } from "../area.ts";
import { accountWords as english } from "../en/account.ts";

export const accountWords: Area<"account"> = {
  name: "account",
  english,
  de: () => import("../de/parts/german-settings.ts"),
};
