"""Made-up clients in bulk: `words` what they are made of, `plan` how many and with which ids, `rows` the making,
`tables` how each engine takes them in."""
