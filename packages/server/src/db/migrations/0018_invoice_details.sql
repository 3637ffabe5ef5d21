-- What an invoice opens to on the page. Rows from before have nothing here until their customer is read as a whole
-- again (`bursar reconcile`).
-- taken off before tax
alter table invoices add column discount bigint not null default 0;
-- paid by the customer's own credit at Stripe; less than nothing: a debt that this invoice collected
alter table invoices add column credit_used bigint not null default 0;
-- why the last try at the card failed
alter table invoices add column failure text;
