//! Forms of pages as actions. All input is bounded here or by the action's own limits; nothing is trusted.
//!
//! Must not know whether a person may do what a form asks: the exercise judges that.

use super::keeper::Views;
use super::texts::{message_id, target};
use crate::base::Ix;
use crate::exercise::action::{
    ClockAction, Deed, FacilitatorAction, Members, OrderAction, PersonAction, PersonId, Rating, TeamRule,
    WrittenMessage,
};
use crate::exercise::view::{NoteTag, SPEEDS};
use crate::scenario::compile::{Inject, Mitigation, Seat};
use crate::scenario::msel::minutes_from_start;
use crate::scenario::schema::Via;

/// Pairs of a form, in their order.
pub type Fields = Vec<(String, String)>;

/// Seats that a message can name.
const SEATS_MAX: usize = 64;

/// The fields of a form by name.
pub struct Form<'a>(&'a [(String, String)]);

impl<'a> Form<'a> {
    pub fn new(fields: &'a [(String, String)]) -> Self {
        Self(fields)
    }

    /// The first value of a field; empty if it is missing.
    pub fn text(&self, name: &str) -> &'a str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone());
        values.filter(|value| !value.is_empty()).take(SEATS_MAX).collect()
    }

    /// A text with the line ends of browsers made plain; none if it is blank.
    fn some_text(&self, name: &str) -> Option<String> {
        let text = self.text(name).replace("\r\n", "\n");
        if text.trim().is_empty() { None } else { Some(text.trim().to_owned()) }
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, String> {
        self.text(name).trim().parse().map_err(|_| format!("{name} is no number that is possible here"))
    }

    fn some_number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        if self.text(name).trim().is_empty() { Ok(None) } else { self.number(name).map(Some) }
    }

    fn is_set(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

/// The seat that a participant joins: the one asked for, or the one with the fewest people.
pub fn seat_to_join(views: &Views, asked: &str) -> Option<String> {
    if !asked.is_empty() {
        return Some(asked.to_owned());
    }
    let smallest = views.seats.iter().min_by_key(|(_, team)| team.members.len());
    smallest.map(|(_, team)| team.seat_id.clone())
}

/// The action that a form of a person's page asks for.
///
/// # Errors
/// A sentence for the page.
pub fn action(views: &Views, person: PersonId, form: &Form<'_>) -> Result<PersonAction, String> {
    let deed = |deed: Deed| Ok(PersonAction::Deed(deed));
    match form.text("do") {
        "read" => deed(Deed::Read { message: message_id(form.text("message"))? }),
        "order" | "propose" => order(form),
        "second" => {
            deed(Deed::Second { proposal: form.number("proposal")?, confidence_pct: form.some_number("confidence")? })
        }
        "withdraw" => deed(Deed::Withdraw { proposal: form.number("proposal")? }),
        "order-proposal" => Ok(PersonAction::OrderProposal {
            proposal: form.number("proposal")?,
            confidence_pct: form.some_number("confidence")?,
        }),
        "cancel" => Ok(PersonAction::Order(OrderAction::Cancel(Ix::new(form.number("order")?)))),
        "note" => note(views, person, form),
        "answer" => {
            let (seat, objective) = objective(form)?;
            let text = form.some_text("text").ok_or("Write an answer first")?;
            deed(Deed::Answer { seat, objective, question: form.number("question")?, text })
        }
        "feedback" => {
            let marks = (0..5).map(|statement| form.number(&format!("mark{statement}")));
            let marks = marks.collect::<Result<_, _>>().map_err(|_| "Mark every statement from 1 to 5".to_owned())?;
            deed(Deed::Feedback { marks, text: form.some_text("text").unwrap_or_default() })
        }
        "rate" => {
            let (seat, objective) = objective(form)?;
            let rating = Rating::ALL.into_iter().find(|rating| rating.letter() == form.text("rating"));
            let rating = rating.ok_or("Choose P, S, M or U")?;
            deed(Deed::Rate { seat, objective, rating, evidence: form.some_text("text").unwrap_or_default() })
        }
        other => of_facilitator(other, form),
    }
}

fn of_facilitator(what: &str, form: &Form<'_>) -> Result<PersonAction, String> {
    let deed = |deed: Deed| Ok(PersonAction::Deed(deed));
    let clock = |action: ClockAction| Ok(PersonAction::Clock(action));
    let inject = || form.text("inject").to_owned();
    match what {
        "pause" => clock(ClockAction::TogglePause),
        "speed" => {
            let speed = form.number("speed")?;
            if SPEEDS.contains(&speed) { clock(ClockAction::SetSpeed(speed)) } else { Err("No such speed".to_owned()) }
        }
        "step" => clock(ClockAction::Step),
        "next" => clock(ClockAction::JumpToNextEvent),
        "jump" => clock(ClockAction::JumpTo(tick(form.text("to"))?)),
        "end" if form.is_set("sure") => clock(ClockAction::EndExercise),
        "end" => Err("Tick the box to end the exercise".to_owned()),
        "begin" => deed(Deed::Begin),
        "send" => {
            let inject: u32 = form.number("number")?;
            Ok(PersonAction::Facilitator(FacilitatorAction::SendInject(Ix::<Inject>::new(inject))))
        }
        "hold" => deed(Deed::Hold { inject: inject() }),
        "let-go" => deed(Deed::LetGo { inject: inject() }),
        "skip" => deed(Deed::Skip { inject: inject() }),
        "message" => deed(Deed::Message(written(form)?)),
        "grant" => Ok(PersonAction::Facilitator(FacilitatorAction::Grant {
            organisation: Ix::new(form.number("organisation")?),
            technicians: form.number("technicians")?,
            hours: form.number("hours")?,
        })),
        "order-for" => order_for(form),
        "move" => deed(Deed::Move { person: PersonId(form.number("person")?), seat: form.text("seat").to_owned() }),
        "remove" => deed(Deed::Remove { person: PersonId(form.number("person")?) }),
        "rule" => deed(Deed::Rule { seat: form.text("seat").to_owned(), rule: rule(form)? }),
        "lock" => deed(Deed::Lock { is_locked: true }),
        "unlock" => deed(Deed::Lock { is_locked: false }),
        "wall" => deed(Deed::Wall { text: form.some_text("text").unwrap_or_default() }),
        "countdown" => {
            let minutes: u32 = form.number("minutes")?;
            let text = form.some_text("text").unwrap_or_else(|| "The exercise goes on in".to_owned());
            deed(Deed::Countdown { text, seconds: minutes.min(1_440) * 60 })
        }
        "hot-wash" => deed(Deed::HotWash { is_open: form.is_set("open"), is_anonymous: form.is_set("anonymous") }),
        _ => Err("This page asks for something that does not exist".to_owned()),
    }
}

fn order(form: &Form<'_>) -> Result<PersonAction, String> {
    let mitigation = Ix::<Mitigation>::new(form.number("mitigation")?);
    let target = target(form.text("target")).ok_or("Choose a target first")?;
    let (confidence_pct, reason) = (form.some_number("confidence")?, form.some_text("reason"));
    Ok(match form.text("do") {
        "propose" => PersonAction::Propose { mitigation, target, confidence_pct, reason },
        _ => PersonAction::Order(OrderAction::Give { mitigation, target, confidence_pct, reason }),
    })
}

/// A decision given by voice: `SEAT MITIGATION TARGET`.
fn order_for(form: &Form<'_>) -> Result<PersonAction, String> {
    let choice = form.text("choice");
    let mut words = choice.split(' ');
    let mut number = || words.next().and_then(|word| word.parse::<u32>().ok());
    let (seat, mitigation) = (number(), number());
    let (Some(seat), Some(mitigation), Some(target)) = (seat, mitigation, words.next().and_then(target)) else {
        return Err("Choose an order first".to_owned());
    };
    let (confidence_pct, reason) = (form.some_number("confidence")?, form.some_text("reason"));
    let order = OrderAction::Give { mitigation: Ix::new(mitigation), target, confidence_pct, reason };
    Ok(PersonAction::Facilitator(FacilitatorAction::OrderForSeat { seat: Ix::<Seat>::new(seat), order }))
}

fn note(views: &Views, person: PersonId, form: &Form<'_>) -> Result<PersonAction, String> {
    let tag = match form.text("tag") {
        "strength" => NoteTag::Strength,
        "gap" => NoteTag::Gap,
        "risk" => NoteTag::Risk,
        "recommendation" => NoteTag::Recommendation,
        _ => NoteTag::Observation,
    };
    let text = form.some_text("text").ok_or("Write the note first")?;
    // `SEAT:POSITION` of an objective, or `SEAT`.
    let about = form.text("about");
    let (seat, objective) = about.split_once(':').unwrap_or((about, ""));
    let named = views.seats.iter().find(|(_, team)| team.seat_id == seat).map(|(_, team)| team.seat);
    let own = views.seat_of(person).map(|position| views.seats[position].1.seat);
    Ok(PersonAction::WriteNote { seat: named.or(own), tag, text, objective: objective.parse().ok() })
}

fn written(form: &Form<'_>) -> Result<WrittenMessage, String> {
    let via = [Via::Monitoring, Via::Phone, Via::Email, Via::Press, Via::Regulator, Via::Executive];
    let via = via.into_iter().find(|via| via.word() == form.text("via")).unwrap_or(Via::Phone);
    let to = form.all("to");
    let is_to_all = to.iter().any(|seat| seat == "all");
    if to.is_empty() {
        return Err("Choose the seats that get the message".to_owned());
    }
    Ok(WrittenMessage {
        to: if is_to_all { Vec::new() } else { to },
        via,
        from: form.some_text("from").unwrap_or_else(|| "Exercise control".to_owned()),
        title: form.some_text("title").ok_or("The message needs a title")?,
        body: form.some_text("body").unwrap_or_default(),
        is_urgent: form.is_set("urgent"),
        replaces: form.some_text("replaces"),
    })
}

fn rule(form: &Form<'_>) -> Result<TeamRule, String> {
    let members = |name: &str| if form.text(name) == "lead" { Members::Lead } else { Members::Everybody };
    Ok(TeamRule {
        seconds_needed: form.number("seconds")?,
        proposers: members("proposers"),
        deciders: members("deciders"),
        lead: form.some_number("lead")?.map(PersonId),
    })
}

fn objective(form: &Form<'_>) -> Result<(String, String), String> {
    let named = form.text("objective").split_once('/');
    let (seat, objective) = named.ok_or("Choose an objective first")?;
    Ok((seat.to_owned(), objective.to_owned()))
}

/// A time from the start of the scenario: `D+2 H+3 M+45`, its parts in any number, or minutes.
///
/// # Errors
/// A sentence for the page.
pub fn tick(text: &str) -> Result<u32, String> {
    let wrong = || "Write a time like D+1 H+3 M+30, or minutes from the start".to_owned();
    if let Ok(minutes) = text.trim().parse::<u32>() {
        return Ok(minutes);
    }
    minutes_from_start(text).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_the_start() {
        assert_eq!(tick("D+2 H+3 M+45"), Ok(2 * 1_440 + 3 * 60 + 45));
        assert_eq!(tick("H+9"), Ok(540));
        assert_eq!(tick(" 90 "), Ok(90));
        for wrong in ["", "soon", "H+x", "D+4000000000", "W+1", "-5", "H+-1"] {
            assert!(tick(wrong).is_err(), "{wrong}");
        }
    }
}
