/** The routes of disputes. */
import type { Dispute } from "../../entities/dispute.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { acceptDispute, requireOpen, showDispute, submitEvidence, updateDispute } from "./disputes.ts";
import { mergeEvidence } from "./evidence.ts";

function requireDispute(sandbox: Sandbox, id: string): Dispute {
  const dispute = sandbox.store.disputes.get(id);
  if (dispute === undefined) throw noSuchObject("dispute", id);
  return dispute;
}

/** Evidence goes to the bank at once unless `submit` is false. Metadata alone may change at any time. */
function update(sandbox: Sandbox, dispute: Dispute, params: Given<Stripe.DisputeUpdateParams>): Dispute {
  const metadata = mergeMetadata(dispute.metadata, params.metadata);
  const sendsNothing = !params.evidence && params.submit !== true;
  if (sendsNothing) return updateDispute(sandbox, dispute, { metadata });
  requireOpen(dispute);
  const changes = { metadata, evidence: mergeEvidence(dispute.evidence, params.evidence) };
  return params.submit === false
    ? updateDispute(sandbox, dispute, changes)
    : submitEvidence(sandbox, dispute, changes);
}

export const disputeRoutes = [
  route<Stripe.DisputeListParams>("GET /v1/disputes", ({ sandbox, params, url }) => {
    const matching = sandbox.store.disputes
      .newestFirst()
      .filter((dispute) => params.charge == null || dispute.charge === params.charge)
      .filter((dispute) => params.payment_intent == null || dispute.payment_intent === params.payment_intent);
    return listPage(matching, { params, url, show: (dispute) => showDispute(sandbox, dispute) });
  }),
  route("GET /v1/disputes/{id}", ({ sandbox, id }) => showDispute(sandbox, requireDispute(sandbox, id))),
  route<Stripe.DisputeUpdateParams>("POST /v1/disputes/{id}", ({ sandbox, id, params }) =>
    showDispute(sandbox, update(sandbox, requireDispute(sandbox, id), params)),
  ),
  route("POST /v1/disputes/{id}/close", ({ sandbox, id }) =>
    showDispute(sandbox, acceptDispute(sandbox, requireDispute(sandbox, id))),
  ),
];
