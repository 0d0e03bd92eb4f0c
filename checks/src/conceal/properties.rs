//! Whatever a password is, and however a server dresses it, nothing of it is left.
