//! Starts a program that prints keys.
