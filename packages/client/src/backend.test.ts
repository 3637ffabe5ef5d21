import { describe, expect, it } from "vitest";
import { createBackend } from "./backend.ts";

describe("createBackend", () => {
  it.each([
    [
      "no address",
      { baseUrl: "", key: "bsk_1" },
      'needs baseUrl, the address of Bursar such as http://127.0.0.1:4242, and got ""',
    ],
    [
      "an address without its scheme",
      { baseUrl: "billing.acme.example", key: "bsk_1" },
      'got "billing.acme.example"',
    ],
    ["no key", { baseUrl: "https://billing.acme.example", key: "" }, "needs key, a platform key (bsk_...)"],
    [
      "a token of the browser as its key",
      { baseUrl: "https://billing.acme.example", key: "bst_1" },
      "needs key",
    ],
  ])("says what to set with %s", (_what, options, sentence) => {
    expect(() => createBackend(options)).toThrow(sentence);
  });
});
