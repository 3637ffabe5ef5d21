-- Prices of single accounts: whether the one that is paid was made for this account alone, and the price that is
-- scheduled for the period's end, {"priceId", "isOwn"}; null where today's goes on.
alter table subscriptions add column is_own_price boolean not null default false;
alter table subscriptions add column next_price jsonb;
