/* All that this product asks of Bursar. The platform key stays on this side; the browser never has it. */
import { createBackend, ProblemError, type CheckAnswer, type SessionToken } from "@bursar/client";
import { meterModel } from "@bursar/client/ai-sdk";
import { wrapLanguageModel, type LanguageModel } from "ai";
import { ANSWER_TOKENS_MAX, parrot, READ_TOKENS } from "./model.ts";

export interface Billing {
  /** Makes the customer's account at their first visit. Later it is there already, and that is as good. */
  signUp: () => Promise<void>;
  /** Whether another chat may begin; changes nothing. */
  mayBegin: () => Promise<CheckAnswer>;
  /** Counts a chat, once by its id and to its project, or rejects with `limit_reached`. */
  begin: (chatId: string, project: string) => Promise<void>;
  /** The model, as this customer pays for it: each call holds tokens before it and settles what was used after it. */
  modelFor: (chatId: string) => LanguageModel;
  /** Where this customer gets more: packs where the plan sells them, else another plan. */
  wayOut: () => Promise<string>;
  /** For the billing page in the customer's browser. `origin`: where Stripe's pages lead back to. */
  pageToken: (origin: string) => Promise<SessionToken>;
}

/** @param customer the product's own id of whoever is signed in */
export function createBilling(given: { bursarUrl: string; key: string; customer: string }): Billing {
  const { bursarUrl, key, customer } = given;
  const bursar = createBackend({ baseUrl: bursarUrl, key });
  const account = bursar.forAccount(customer);
  return {
    async signUp() {
      await bursar
        .createAccount({ id: customer, name: "Sam's flat", email: "sam@parrot.example" })
        .catch((error: unknown) => {
          if (!(error instanceof ProblemError) || error.problem.code !== "conflict") throw error;
        });
    },
    mayBegin: () => account.check({ meter: "sessions" }),
    async begin(chatId, project) {
      // The catalogue divides sessions by this property, so the usage screen says which project they are of.
      await account.report({ id: chatId, meter: "sessions", enforce: true, properties: { project } });
    },
    modelFor: (chatId) =>
      wrapLanguageModel({
        model: parrot,
        middleware: meterModel({
          account,
          resource: chatId,
          description: "Chat",
          // A real model needs no estimate: the prompt's length and `maxOutputTokens` are taken.
          estimate: () => ({ input: READ_TOKENS, output: ANSWER_TOKENS_MAX }),
          onUnsettled: ({ holdId, tokens }) => console.error(`Settle ${holdId} with ${tokens} tokens later.`),
        }),
      }),
    async wayOut() {
      const { can } = await account.overview();
      return can.buyCredits.allowed ? "/settings/billing/credits" : "/settings/billing/plans";
    },
    pageToken: (origin) =>
      bursar.createSessionToken({ account: customer, role: "owner", returnOrigin: origin }),
  };
}
