-- Invitations: each open one holds a seat, like a member (S4). The secret that accepts it is told once and kept as its SHA-256.
create table invitations (
  account_id    text        not null,
  invitation_id text        not null,
  email         text        not null,
  name          text,
  role          text        not null check (role in ('owner', 'admin', 'billing', 'member')),
  secret_hash   bytea       not null,
  state         text        not null check (state in ('open', 'accepted', 'revoked', 'expired')),
  -- a member's id, or the kind of a credential that is no person's
  invited_by    text        not null,
  created_at    timestamptz not null,
  -- from here on it holds no seat and opens nothing, without a write
  expires_at    timestamptz not null,
  -- the member that it became
  member_id     text,
  primary key (account_id, invitation_id),
  check ((state = 'accepted') = (member_id is not null))
);
-- One open invitation a person; mail systems do not tell Ann@ from ann@.
create unique index invitations_one_open on invitations (account_id, lower(email)) where state = 'open';
-- Who opens a link says no account: a look-up over all accounts.
create unique index invitations_by_secret on invitations (secret_hash);
