create table opening (
  carrier text primary key,
  cases bigint not null
);
