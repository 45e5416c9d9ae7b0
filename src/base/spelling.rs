//! Finds the name that an author probably misspelled.

/// The candidate that is spelled most like `found`; none if no candidate is near enough to be a likely typing
/// mistake. Case does not matter.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (found.chars().count() / 3).max(1);
    let low = found.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&low, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The candidate that is spelled most like `found`, at any distance; an empty text if there are no candidates.
/// Names that begin alike come first.
pub fn most_alike<'a>(found: &str, candidates: impl Iterator<Item = &'a str>) -> &'a str {
    let likeness = |candidate: &str| strsim::jaro_winkler(candidate, found);
    candidates.max_by(|one, other| likeness(one).total_cmp(&likeness(other))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let words = ["hosts", "host_kinds", "services"];
        assert_eq!(nearest("Hots", words), Some("hosts"));
        assert_eq!(nearest("seats", words), None);
        assert_eq!(most_alike("serv", words.into_iter()), "services");
        assert_eq!(most_alike("serv", [].into_iter()), "");
    }
}
