-- Use by project, member or whatever else the catalogue divides a meter by (groupBy). Written by the folder book alone,
-- with the day it belongs to.

-- Of the day's quantity, what said its group: the sum of the day's groups. The rest said none, as all did before the
-- meter had groups.
alter table usage_days add column grouped bigint not null default 0;

-- Compared byte by byte: the order of groups is the same everywhere, and a look-up costs less.
create table usage_groups (
  account_id text   not null,
  meter_id   text   not null,
  day        date   not null,
  -- empty: all groups past the thousand that are kept apart on one day
  group_name text   collate "C" not null check (length(group_name) <= 100),
  quantity   bigint not null check (quantity > 0),
  primary key (account_id, meter_id, day, group_name)
);
