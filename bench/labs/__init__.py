"""Labs side by side: what each costs, how fast it is beside the others, and whether one's fault shows in another."""
