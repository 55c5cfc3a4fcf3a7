//! What plans select: the built binary against a simulator that lists.
//!
//! Eight plans and what comes of them are in [`e1_to_e8`], but for the reviewed one, `reviewed::changed::e7`. These are the edges, with where each is a test;
//! `lib` is what stands beside the code.
//!
//! | row | edge | test |
//! |---|---|---|
//! | 1 | a page is throttled for ever | `paging::row_1`; lib `engine::listing::tests::lane` |
//! | 2 | no list, `null`, an object | `paging::row_2`; lib `engine::listing::tests::pager`, `check_bad_pages` of each service |
//! | 3, 4 | an id twice, fewer than the total | `paging::row_3`, `paging::row_4`; lib `pager` |
//! | 5 | an entry moves between pages | `paging::row_5`; lib `pager` |
//! | 6, 7, 8 | tokens that come back, end, lead on | `paging::row_6`, `row_7`, `row_8`; lib `pager` |
//! | 9 | starting, then running | `paging::row_9`; lib `pager` |
//! | 10, 11, 12 | a flow that is gone, is named, a status that is refused | `units::row_10`, `row_11`, `row_12`; lib `fnf_execution::listing` |
//! | 13, 14 | odd names | `units::row_13`, `row_14`; lib `plan::select::tests::found` |
//! | 15 | a page of 40 MiB | `paging::row_15`; lib `pager` |
//! | 16, 17 | the service's clock, times | `units::row_16`, `row_17`; lib `plan::select::tests::cases` |
//! | 18, 19 | an error for nothing, no page beyond the last | `paging::row_18`, `row_19`; lib `drs_job::jobs` |
//! | 20, 21, 22 | two types, tags | `units::row_20`, `row_21`, `row_22`; lib `drs_job::listing` |
//! | 23 | both lists of tasks | `units::row_23`; lib `opensearch_task::listing` |
//! | 24 | another region | `units::row_24` |
//! | 25, 26 | named already | `guards::row_25`, `row_26` |
//! | 27, 28 | too many, a limit | `guards::row_27`, `row_28`; lib `lane`, `collector` |
//! | 29, 30, 31 | expectations, nothing left | `guards::row_29`, `rows_30_and_31` |
//! | 32 to 38 | kills, resumes, a damaged journal, a full disk | `frozen::row_32` to `row_38`; `campaign::kills` |
//! | 39 | a signal | `frozen::row_39` |
//! | 40 | credentials expire | lib `engine::tests::renewal` |
//! | 41 | a wrong key | `frozen::row_41`; lib `engine::listing::tests::keys` |
//! | 42, 43, 44 | retry, shards | `frozen::row_42`, `row_43`, `row_44` |
//! | 45 to 51 | reviewed plans | `reviewed`; lib `plan::write`, `plan::intersection` |
//! | 52 to 54 | `discover` | `discover` |
//! | 55, 56 | `check`, a dry run | `guards::row_55`, `row_56` |
//! | 57 to 60 | stages | `guards::row_58`; `stages`; lib `engine::tests::stages` |
//! | 61, 62, 63 | accounts | lib `plan::resolve::places`; `regions` |
//! | 64, 65 | `watch` | `watch` |
//! | 66 | secrets | `guards::row_66`; `echo` |
//! | 67 | very many rows | lib `collector` |
//! | 68 | a pattern of tags | `guards::row_68`; lib `plan::resolve::select` |
//! | 69 | a label that is taken | lib `plan::resolve::select` |
//! | 70 | a throttled list | `guards::row_70`; lib `lane` |

mod e1_to_e8;
mod frozen;
pub(crate) mod ground;
mod guards;
mod options;
mod paging;
mod refused;
mod units;
