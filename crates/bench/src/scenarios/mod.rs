//! One module for each scenario: its options, and a run that gives one JSON line.

pub(crate) mod ack;
pub(crate) mod bootstrap;
pub(crate) mod catchup;
pub(crate) mod fanout;
pub(crate) mod herd;
pub(crate) mod idle;
pub(crate) mod max;
pub(crate) mod mix;
pub(crate) mod search;
mod steady;

/// Rooms of `size` people of their own each: `0..size`, `size..2·size`, …
fn separate(rooms: usize, size: usize) -> Vec<Vec<usize>> {
    (0..rooms).map(|room| (room * size..(room + 1) * size).collect()).collect()
}

/// Channels of every size for a whole company: for each size as many as give everyone one.
fn company(people: usize) -> Vec<Vec<usize>> {
    const SIZES: [usize; 8] = [5, 10, 25, 50, 100, 250, 500, 1000];
    let mut lists = Vec::new();
    for size in SIZES.into_iter().filter(|&size| size <= people) {
        let stride = people / size;
        // Members are spread, so that no two sizes put the same people together.
        lists.extend((0..stride).map(|first| (0..size).map(|k| first + k * stride).collect::<Vec<_>>()));
    }
    lists
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_company_has_channels_of_every_size_without_repeats() {
        let lists = super::company(5000);
        assert_eq!(lists.len(), 1000 + 500 + 200 + 100 + 50 + 20 + 10 + 5);
        for list in lists {
            let mut unique = list.clone();
            unique.dedup();
            assert_eq!(unique.len(), list.len());
            assert!(list.iter().all(|&person| person < 5000));
        }
    }
}
