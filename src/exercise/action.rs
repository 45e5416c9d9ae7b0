//! What a panel asks for. Panels return actions; only the window's drive (or a test) carries them out.

use super::view::TargetKey;

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Card index on the start screen.
    ChooseScenario(usize),
    /// Card index on the seat screen.
    ChooseSeat(usize),
    /// Chooses a preparation for a target, or takes it back.
    Prepare {
        mitigation: u32,
        target: TargetKey,
    },
    /// From the briefing into the room.
    Begin,
    /// One screen back.
    Back,
    Quit,
    /// Figures and sources of a scenario: a card of the start screen, or the scenario on the desk.
    OpenSources(Option<usize>),
    TogglePause,
    /// One of `view::SPEEDS`.
    SetSpeed(u32),
    /// One minute ahead.
    Step,
    JumpToNextEvent,
    Order {
        mitigation: u32,
        target: TargetKey,
        confidence_pct: Option<u8>,
    },
    CancelOrder(u32),
    SelectOrganisation(Option<u32>),
    MarkRead(u32),
    /// Run to the horizon and debrief.
    EndExercise,
    TryAgain,
    /// Back to the start screen from the debrief.
    Leave,
    SaveRun,
}
