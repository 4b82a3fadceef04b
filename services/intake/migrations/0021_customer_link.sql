-- A link is a signed token, so it needs no row. One row for each case is enough to end its links: a link of an earlier generation is
-- invalid. The row is not part of the state of the case, because every change of that state is an event.
create table customer_link (
  case_id text primary key,
  generation integer not null,
  made integer not null
);

comment on table customer_link is 'The links of customers, by case';
comment on column customer_link.generation is 'The number in the tokens of the valid links';
comment on column customer_link.made is 'The number of links that were made in this generation';
