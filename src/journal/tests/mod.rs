mod commit;
mod fingerprint;
mod history;
mod property;
mod world;
