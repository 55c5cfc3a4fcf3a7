//! Listings under paused time, against scripted pages, and what they collect.

mod collector;
mod keys;
mod lane;
mod pager;
mod world;
