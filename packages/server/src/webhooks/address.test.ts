import { describe, expect, it } from "vitest";
import { isAllowedAddress, reachOf, urlMistake } from "./address.ts";

const PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e"];
const LOOPBACK = ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1"];
const PRIVATE = [
  "0.0.0.0",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.255",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::ffff:10.0.0.1",
  "::ffff:169.254.169.254",
  "64:ff9b::a00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001:db8::1",
  "2001::1",
  "2002:a00:1::",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "4000::1",
  "nonsense",
  "",
];

describe("a webhook goes", () => {
  it.each(PUBLIC)("to %s in the open", (address) => {
    expect(isAllowedAddress(address, "public")).toBe(true);
    expect(isAllowedAddress(address, "loopback")).toBe(true);
  });

  it.each(LOOPBACK)("to %s where the machine itself is allowed", (address) => {
    expect(isAllowedAddress(address, "public")).toBe(false);
    expect(isAllowedAddress(address, "loopback")).toBe(true);
  });

  it.each(PRIVATE)("not to %j of a private or reserved network", (address) => {
    expect(isAllowedAddress(address, "public")).toBe(false);
    expect(isAllowedAddress(address, "loopback")).toBe(false);
  });

  it("into a private network only for the installation's own endpoints, and where the operator says so", () => {
    expect(reachOf("private", "platform")).toBe("any");
    expect(reachOf("private", "acc_1")).toBe("public");
    expect(reachOf("loopback", "acc_1")).toBe("loopback");
    expect(reachOf("public", "platform")).toBe("public");
  });
});

describe("an endpoint's address", () => {
  it.each([
    ["https://hooks.acme.example/billing", null],
    ["https://hooks.acme.example:8443/billing?tenant=1", null],
    ["http://hooks.acme.example/", "begins with https://"],
    ["ftp://hooks.acme.example/", "begins with https://"],
    ["hooks.acme.example", "is not an address"],
    ["https://user:pw@hooks.acme.example/", "names a user; the signature says who sends"],
    ["https://hooks.acme.example/#a", "has a part after #, which is never sent"],
    ["https://hooks.acme.example\\@evil.example/", "is not an address"],
    ["https://10.0.0.1/", "is an address of a private network"],
    ["https://[::1]/", "is an address of a private network"],
    ["https://[::ffff:a00:1]/", "is an address of a private network"],
    // The same number in other clothes.
    ["https://0x7f.1/", "is an address of a private network"],
    ["https://2130706433/", "is an address of a private network"],
    ["https://0177.0.0.1/", "is an address of a private network"],
    [`https://hooks.acme.example/${"a".repeat(2_000)}`, "has 2000 characters at most"],
  ])("%s: %s", (url, mistake) => {
    expect(urlMistake(url, "public")).toBe(mistake);
  });

  it("may be plain http on this machine, where that is allowed", () => {
    expect(urlMistake("http://127.0.0.1:3000/hooks", "loopback")).toBeNull();
    expect(urlMistake("http://10.0.0.1/hooks", "loopback")).toBe("is an address of a private network");
  });
});
