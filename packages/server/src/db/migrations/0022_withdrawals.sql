-- Contracts that a consumer withdrew from (CA4): what was declared, and the road of the money back.
create table withdrawals (
  account_id       text        not null,
  withdrawal_id    text        not null,
  -- the contract: one withdrawal each, whoever presses how often
  subscription_id  text        not null,
  customer_id      text        not null,
  -- the states are told in withdrawals/carry-out.ts
  state            text        not null check (state in ('ending', 'refunding', 'done', 'failed')),
  -- as declared
  name             text        not null,
  email            text        not null,
  plan_id          text        not null,
  billing_interval text        not null,
  seats            int         not null,
  concluded_at     timestamptz not null,
  declared_at      timestamptz not null,
  requested_by     text        not null,
  -- what is to be given back as far as known: to the cards, and as credit at Stripe
  refund           bigint      not null check (refund >= 0),
  credit           bigint      not null check (credit >= 0),
  -- of these, what went to the cards until now
  refunded         bigint      not null default 0,
  -- refunds that came back from a bank, when it was last looked at
  failed_refunds   int         not null default 0,
  currency         text        not null,
  ended_at         timestamptz,
  failure          text,
  -- raised by each step, by the machine's clock
  updated_at       timestamptz not null,
  primary key (account_id, withdrawal_id),
  unique (account_id, subscription_id)
);
-- What the sweep takes up.
create index withdrawals_open on withdrawals (updated_at) where state in ('ending', 'refunding');
