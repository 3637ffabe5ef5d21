import { z } from "zod";
import { kind } from "../kind.ts";

export const endpointKinds = [
  kind({
    type: "webhook_endpoint.disabled",
    about:
      "An endpoint of the account took nothing for three days, or said that it is gone, and was disabled.",
    data: z.object({ endpointId: z.string(), url: z.string(), lastError: z.string() }),
    mail: {
      category: "security",
      to: "managers",
      words({ url, lastError }, say) {
        return {
          subject: `${say.account}: webhooks to ${new URL(url).host} are disabled`,
          lines: [
            `The endpoint ${url} took no message for long, so nothing more is sent to it. Its last answer: ${lastError}`,
            "When it works again, enable it and replay what it missed: GET /api/webhook-endpoints lists it, docs/webhooks.md tells how.",
          ],
          action: null,
        };
      },
    },
  }),
  kind({
    type: "webhook_endpoint.test",
    about: "Sent by the test route alone, to one endpoint.",
    data: z.object({ endpointId: z.string() }),
    mail: null,
  }),
] as const;
