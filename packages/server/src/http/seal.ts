import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/*
 * An answer with a secret in it (a new key, a session token, an invitation) is kept for its Idempotency-Key like any
 * other, but encrypted with a key made from the caller's own credential. Of that we have only a hash, so whoever reads
 * the table learns nothing, and the same caller is told the same again.
 */

/** All our secrets, and the webhooks' ones, begin with what they are. */
const SECRET = /"(?:bsk|bak|bst|bss|bsl|bsi|whsec)_[A-Za-z0-9_+/=-]{20,}"/;

export const holdsSecret = (body: string): boolean => SECRET.test(body);

export interface Seal {
  close(body: string): string;
  /** @returns `null` when it was closed by another credential */
  open(sealed: string): string | null;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @param purpose what the seal is for, so that two answers never share a key */
export function sealFor(secret: string, purpose: string): Seal {
  const key = () =>
    Buffer.from(hkdfSync("sha256", secret, "bursar idempotency", purpose.slice(0, 1_000), 32));
  return {
    close(body) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key(), iv);
      const closed = Buffer.concat([cipher.update(body, "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), closed]).toString("base64");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        const opened = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
        return Buffer.concat([opened, decipher.final()]).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}
