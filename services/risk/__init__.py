"""risk: how risky is a payment, judged from what is known of the customer."""
