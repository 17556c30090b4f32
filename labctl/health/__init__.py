"""Whether a lab is as it should be: its steady state, its alerts, how near they are to paging.

Here belongs what is measured of any lab, broken or not. What a fault claims is judged elsewhere.
"""
