import { describe, expect, it } from "vitest";
import { createFloor } from "../../scripts/take-turns.ts";

describe("steps that run beside each other", () => {
  const heard = () => {
    let text = "";
    return { floor: createFloor((more) => (text += more)), text: () => text };
  };

  it("are read one after the other, the one that waited from its first line on", () => {
    const { floor, text } = heard();
    const [first, second] = [floor.join(), floor.join()];
    first.hear("first 1\n");
    second.hear("second 1\n");
    expect(text()).toBe("first 1\n");
    first.hear("first 2\n");
    first.end();
    second.hear("second 2\n");
    expect(text()).toBe("first 1\nfirst 2\nsecond 1\nsecond 2\n");
  });

  it("are read whole though one that waits has ended before", () => {
    const { floor, text } = heard();
    const [first, second, third] = [floor.join(), floor.join(), floor.join()];
    second.hear("second");
    second.end();
    third.hear("third 1\n");
    expect(text()).toBe("");
    first.end();
    expect(text()).toBe("second\nthird 1\n");
  });

  it("are interrupted between two lines only", () => {
    const { floor, text } = heard();
    const first = floor.join();
    first.hear("first 1\nfir");
    floor.interject("ok lint\n");
    first.hear("st 2\n");
    expect(text()).toBe("first 1\nok lint\nfirst 2\n");
  });
});
