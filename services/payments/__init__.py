"""Payments: checkouts, refunds and look-ups; charges a card once however often it is asked."""
