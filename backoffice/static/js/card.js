// The card of a client: fields edited in place, contacts and addresses, what is copied.
