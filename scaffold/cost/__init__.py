"""What environments cost a month: what is there, what of it is used, at which prices."""
