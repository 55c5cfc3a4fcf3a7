//! Work that is cut into pieces, done on several processors, and taken in its order.

use std::io;
use std::sync::mpsc;
use std::thread;

/// More threads than this have nothing to do: the one that also takes the pieces is slower then.
const MOST_THREADS: usize = 4;

/// Makes `count` pieces, each from its number, and takes them in their order; a few of them exist at a time.
///
/// # Errors
///
/// Passes on the first error of `take`, after which nothing more is taken.
pub(crate) fn in_order<T: Send>(
    count: usize,
    make: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(count);
    let make = &make;
    thread::scope(|scope| {
        let start = |first: usize| {
            let (give, made) = mpsc::sync_channel(1);
            let work = move || (first..count).step_by(threads).try_for_each(|number| give.send(make(number)));
            // Where the system gives no thread, nothing comes, and the pieces are made below.
            let _ = thread::Builder::new().name("parallel".to_owned()).spawn_scoped(scope, work);
            made
        };
        // This thread is one of them: the first of its pieces is the first of all.
        let made: Vec<_> = (1..threads).map(start).collect();
        let sources = std::iter::once(None).chain(made.iter().map(Some)).cycle();
        (0..count).zip(sources).try_for_each(|(number, made)| {
            let piece = made.and_then(|made| made.recv().ok());
            take(piece.unwrap_or_else(|| make(number)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(count: usize) -> Vec<usize> {
        let mut taken = Vec::new();
        let take = |piece| {
            taken.push(piece);
            Ok(())
        };
        in_order(count, |number| number * 10, take).unwrap();
        taken
    }

    #[test]
    fn pieces_come_in_their_order() {
        for count in [0, 1, 2, 3, 1000] {
            assert_eq!(taken(count), (0..count).map(|number| number * 10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_it() {
        let mut taken = Vec::new();
        let take = |piece| {
            taken.push(piece);
            if piece == 3 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        };
        let error = in_order(1000, |number| number, take).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(taken, [0, 1, 2, 3]);
    }
}
