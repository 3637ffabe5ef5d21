/** Only the first letter: units such as MiB keep theirs. */
const lowerFirst = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** Use of each meter, as a bar. */
export const usageWords = {
  heading: "Usage",
  window: (range: string, until: string) => `${range} (UTC), resets ${until}`,
  of: (used: string, limit: string) => `${used} of ${limit}`,
  unlimited: "Unlimited",
  noData: "No data yet",
  noDataOf: (limit: string) => `No data yet, limit ${limit}`,
  percent: (percent: string) => `${percent}\u00a0%`,
  percentWords: (percent: string) => `${percent} percent`,
  underOne: "<1",
  underOneWords: "less than 1",
  atLimit: (sentence: string) => `At the limit: ${lowerFirst(sentence)}`,
  spoken: (figures: string, state: string) => `${figures}, ${lowerFirst(state)}`,
  /** "8,412 of 10,000 events" */
  counted: (amount: string, unit: string, limit: number) => `${amount} ${limit === 1 ? unit : `${unit}s`}`,
  warning: "Approaching limit",
  reached: "Limit reached",
  over: (amount: string) => `Over limit by ${amount}`,
  overOnCredits: (amount: string) => `${amount} over, on credits`,
  resets: (date: string) => `Resets ${date}`,
  noReset: "Does not reset",
  delayed: (moment: string) => `Delayed, last update ${moment}`,
  lastEvent: (moment: string) => `Last event ${moment}`,
  empty: "Nothing is counted on this plan.",
  all: "All meters",
};
