"""ledger: books every capture and refund, twice: once as a debit, once as a credit."""
