import type {
  AtLimit,
  MemberList,
  NoticeActionKind,
  NoticeFacts,
  Overview,
  Permission,
  PlanOffer,
  Preview,
  PreviewLine,
  Problem,
} from "@bursar/client";
import type { Format } from "../format/create-format.ts";

/**
 * The server's sentences in another language than its own English, written from the codes and facts beside them. Each may
 * have none for what it does not know: then the server's own words stand. These alone get the format, because the server
 * hands over facts and no words.
 */
export interface Told {
  /** Puts whole answers into these words: `answersInWords`, which English readers do not load. */
  answers: Answers;
  /** Names of the example settings, by the English one; what an operator calls otherwise stays as it is. */
  names: Readonly<Record<string, string>>;
  notice: (facts: NoticeFacts, format: Format) => { title: string; detail: string } | null;
  action: (kind: NoticeActionKind, facts: NoticeFacts, format: Format) => string | null;
  reason: (permission: Permission) => string | null;
  atLimit: Readonly<Record<AtLimit, string>>;
  problem: (problem: Problem, format: Format) => string | null;
  /** Of a change: what is charged, what comes at the period's end, what gets smaller. */
  line: (line: PreviewLine, format: Format) => string | null;
  later: (later: NonNullable<Preview["later"]>, format: Format) => string;
  loses: (preview: Preview, format: Format) => string[];
}

/** What the server answers, in the words of a language. */
interface Answers {
  overview: (answer: Overview, told: Told, format: Format) => Overview;
  plans: <Plans extends { data: PlanOffer[] }>(answer: Plans, told: Told) => Plans;
  preview: (answer: Preview, told: Told, format: Format) => Preview;
  people: (answer: MemberList, told: Told) => MemberList;
}
