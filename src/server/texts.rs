//! Messages and targets as fields of forms name them.

use crate::base::Ix;
use crate::exercise::action::MessageId;
use crate::exercise::view::TargetKey;

/// The id of a message from `i:INJECT` or `w:NUMBER`.
///
/// # Errors
/// A sentence for the page.
pub fn message_id(text: &str) -> Result<MessageId, String> {
    match text.split_once(':') {
        Some(("i", id)) => Ok(MessageId::Inject(id.to_owned())),
        Some(("w", number)) => Ok(MessageId::Written(number.parse().map_err(|_| "No such message".to_owned())?)),
        _ => Err("No such message".to_owned()),
    }
}

/// The text of a message's id.
pub fn message_text(id: &MessageId) -> String {
    match id {
        MessageId::Inject(id) => format!("i:{id}"),
        MessageId::Written(number) => format!("w:{number}"),
    }
}

/// A target from `world`, `o3`, `f17` or `s4`; none for every other text.
pub fn target(text: &str) -> Option<TargetKey> {
    if text == "world" {
        return Some(TargetKey::World);
    }
    let kind = text.chars().next()?;
    let number = text.get(1..)?.parse().ok()?;
    match kind {
        'o' => Some(TargetKey::Organisation(Ix::new(number))),
        'f' => Some(TargetKey::Fleet(Ix::new(number))),
        's' => Some(TargetKey::Service(Ix::new(number))),
        _ => None,
    }
}

/// The text of a target.
pub fn target_text(target: TargetKey) -> String {
    match target {
        TargetKey::World => "world".to_owned(),
        TargetKey::Organisation(index) => format!("o{}", index.number()),
        TargetKey::Fleet(index) => format!("f{}", index.number()),
        TargetKey::Service(index) => format!("s{}", index.number()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_back() {
        let targets = [
            TargetKey::World,
            TargetKey::Organisation(Ix::new(3)),
            TargetKey::Fleet(Ix::new(17)),
            TargetKey::Service(Ix::new(0)),
        ];
        for key in targets {
            assert_eq!(target(&target_text(key)), Some(key));
        }
        for wrong in ["", "x1", "o", "o-1", "o99999999999", "é1", "s 1"] {
            assert_eq!(target(wrong), None, "{wrong}");
        }
    }
}
