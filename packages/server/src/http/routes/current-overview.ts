import { readOverview, type Overview } from "../../overview/overview.ts";
import { accountOf, type AppContext } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";
import { overviewAnswer } from "./overview-answer.ts";

/** The overview of the account that a request is about, at the account's now. */
export async function currentOverview(c: AppContext, services: Services): Promise<Overview> {
  const accountId = await accountOf(c, services.database);
  const overview = await readOverview(services, accountId, services.clock.now(accountId));
  if (overview === null) throw new ProblemError("not_found", "There is no such account.");
  return overview;
}

/** The same, as the API says it: what every deed answers after which the page shows everything anew. */
export async function answerOverview(c: AppContext, services: Services) {
  const overview = await currentOverview(c, services);
  const { isTestMode } = services.gateway;
  return overviewAnswer(services.catalog, overview, { caller: c.get("caller"), isTestMode });
}
