import { z } from "zod";
import { kind } from "../kind.ts";

const role = z.enum(["owner", "admin", "billing", "member"]);
const person = { email: z.string(), name: z.string().nullable(), role };

export const peopleKinds = [
  kind({
    type: "member.invited",
    about: "Somebody was invited. The secret of the invitation is in the mail alone.",
    data: z.object({ invitationId: z.string(), ...person, expiresAt: z.iso.datetime() }),
    mail: {
      category: "people",
      to: "invited",
      words({ role: as, expiresAt }, say) {
        const what = {
          owner: "an owner, who can change everything",
          admin: "an admin, who can change everything but owners",
          billing: "a billing member, who can change plan and payments",
          member: "a member, who can read billing",
        }[as];
        return {
          subject: `You are invited to ${say.account}`,
          lines: [
            `You are invited to ${say.account} as ${what}.`,
            `The invitation is good until ${say.time(expiresAt)}. If you do not know ${say.account}, leave it: nothing happens.`,
          ],
          // The link is made when the mail is sent: its secret is stored nowhere in the clear.
          action: { label: "Accept the invitation", href: "/invitation" },
        };
      },
    },
  }),
  kind({
    type: "member.joined",
    about: "An invitation was accepted.",
    data: z.object({ memberId: z.string(), ...person }),
    mail: null,
  }),
  kind({
    type: "member.removed",
    about: "A member was removed, with every secret that let them in.",
    data: z.object({ memberId: z.string(), ...person }),
    mail: null,
  }),
] as const;
