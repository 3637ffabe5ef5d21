-- Who carries a change through Stripe holds it, so that nobody states at Stripe what a later change has made untrue.
alter table plan_changes add column held_by text;
-- After this anybody may take it up; a change that waits for the customer's bank is held by nobody.
alter table plan_changes add column held_until timestamptz not null default now();
