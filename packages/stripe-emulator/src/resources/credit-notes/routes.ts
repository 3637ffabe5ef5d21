/** The routes of credit notes. */
import type { CreditNote } from "../../entities/credit-note.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { previousAttributes } from "../events.ts";
import { changed } from "../products.ts";
import { showCreditNote, showCreditNoteLine } from "./credit-note.ts";
import { draftCreditNote, issueCreditNote, voidCreditNote } from "./issue.ts";

function requireNote(sandbox: Sandbox, id: string): CreditNote {
  const note = sandbox.store.creditNotes.get(id);
  if (note === undefined) throw noSuchObject("credit_note", id);
  return note;
}

export const creditNoteRoutes = [
  route<Stripe.CreditNoteCreateParams>("POST /v1/credit_notes", ({ sandbox, params }) =>
    showCreditNote(sandbox, issueCreditNote(sandbox, draftCreditNote(sandbox, params))),
  ),
  route<Stripe.CreditNotePreviewParams>("GET /v1/credit_notes/preview", ({ sandbox, params }) =>
    showCreditNote(sandbox, draftCreditNote(sandbox, params).note),
  ),
  route<Stripe.CreditNoteListPreviewLineItemsParams>(
    "GET /v1/credit_notes/preview/lines",
    ({ sandbox, params, url }) => {
      const { lines } = draftCreditNote(sandbox, params).note;
      return listPage(lines, { params, url, show: (line) => showCreditNoteLine(sandbox, line) });
    },
  ),
  route<Stripe.CreditNoteListParams>("GET /v1/credit_notes", ({ sandbox, params, url }) => {
    const { creditNotes } = sandbox.store;
    const found = params.invoice
      ? creditNotes.where("invoice", params.invoice).reverse()
      : creditNotes.newestFirst();
    const matching = found.filter((note) => params.customer == null || note.customer === params.customer);
    return listPage(matching, { params, url, show: (note) => showCreditNote(sandbox, note) });
  }),
  route("GET /v1/credit_notes/{id}", ({ sandbox, id }) => showCreditNote(sandbox, requireNote(sandbox, id))),
  route<Stripe.CreditNoteListLineItemsParams>(
    "GET /v1/credit_notes/{id}/lines",
    ({ sandbox, id, params, url }) => {
      const { lines } = requireNote(sandbox, id);
      return listPage(lines, { params, url, show: (line) => showCreditNoteLine(sandbox, line) });
    },
  ),
  route<Stripe.CreditNoteUpdateParams>("POST /v1/credit_notes/{id}", ({ sandbox, id, params }) => {
    const before = requireNote(sandbox, id);
    const after = sandbox.store.creditNotes.patch(id, {
      memo: changed(params.memo, before.memo),
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    const [old, fresh] = [showCreditNote(sandbox, before), showCreditNote(sandbox, after)];
    sandbox.emit("credit_note.updated", fresh, previousAttributes(old, fresh));
    return fresh;
  }),
  route("POST /v1/credit_notes/{id}/void", ({ sandbox, id }) =>
    showCreditNote(sandbox, voidCreditNote(sandbox, requireNote(sandbox, id))),
  ),
];
