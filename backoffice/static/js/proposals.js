// Fields of the client's form that fill in one another as one types.
