//! The mitigations of a generated world.

use super::figures::figure;
use crate::scenario::schema::{Audience, Effect, Group, Mitigation, Phase};

/// A row of the table of mitigations; `requires` is empty if no flag is required.
struct Row {
    id: &'static str,
    name: &'static str,
    summary: &'static str,
    group: Group,
    effect: Effect,
    cost_usd: f64,
    lead_min: u32,
    requires: &'static str,
    times_max: u32,
}

/// All mitigations, preparations last.
pub fn mitigations() -> Vec<Mitigation> {
    let during = response().into_iter().map(|row| mitigation(row, Phase::Response));
    let prepared = preparation().into_iter().map(|row| mitigation(row, Phase::Preparation));
    during.chain(prepared).collect()
}

/// Ids of all mitigations, for the seats.
pub fn ids() -> Vec<String> {
    mitigations().into_iter().map(|mitigation| mitigation.id).collect()
}

fn mitigation(row: Row, phase: Phase) -> Mitigation {
    Mitigation {
        id: row.id.to_owned(),
        name: row.name.to_owned(),
        summary: row.summary.to_owned(),
        group: row.group,
        phase,
        effect: row.effect,
        sectors: Vec::new(),
        units: Vec::new(),
        cost_usd: figure(row.cost_usd, "what such an order usually costs beside wages"),
        lead_min: figure(row.lead_min, "time until word and tools have arrived"),
        requires: if row.requires.is_empty() { Vec::new() } else { vec![row.requires.to_owned()] },
        times_max: row.times_max,
        work: None,
        needs_sign: false,
    }
}

#[rustfmt::skip]
fn response() -> Vec<Row> {
    let row = |id, name, summary, group, effect, (cost_usd, lead_min, requires, times_max)| {
        Row { id, name, summary, group, effect, cost_usd, lead_min, requires, times_max }
    };
    use Group::{Communication, Continuity, People, Repair, Rollout};
    let pool = || "industry-aid".to_owned();
    vec![
        row("hold-hosts", "Keep idle machines off", "Spares machines that were not hit, while the release is live.",
            Rollout, Effect::HoldHosts { hours: 4 }, (2_000.0, 30, "fault-seen", 1)),
        row("release-hosts", "Let held machines back on", "Safe once the release has ended.",
            Rollout, Effect::ReleaseHosts, (0.0, 15, "", 0)),
        row("repair-first", "Repair this fleet first", "Key servers and servers come before desks.",
            Repair, Effect::RepairFirst, (0.0, 5, "fault-seen", 0)),
        row("use-boot-media", "Repair from boot sticks", "One person serves several machines in a room.",
            Repair, Effect::UseMethod("boot-media".to_owned()), (5_000.0, 180, "boot-tool", 1)),
        row("use-network-boot", "Repair over network boot", "Rooms of wired desks start from a server.",
            Repair, Effect::UseMethod("network-boot".to_owned()), (15_000.0, 600, "boot-tool", 1)),
        row("escrow-keys", "Take keys from offline copies", "Crews need not wait for the key server.",
            Repair, Effect::EscrowKeys, (6_000.0, 150, "fault-seen", 1)),
        row("print-keys", "Print keys as barcodes", "Scanners type the digits.",
            Repair, Effect::PrintKeys { touch: 0.5 }, (8_000.0, 300, "fault-seen", 1)),
        row("restore-backup", "Restore from backup", "Servers come back from last night's copies.",
            Repair, Effect::RestoreBackup { touch: 0.6 }, (4_000.0, 120, "fault-seen", 1)),
        row("unattended", "Opt in to unattended remediation", "Wired machines heal while they restart.",
            Repair, Effect::Unattended { mean_hours: 12.0 }, (0.0, 60, "unattended-offered", 1)),
        row("verify-tools", "Check tools before use", "Fewer repairs fail.",
            Repair, Effect::VerifyTools { failure: 0.6 }, (1_000.0, 60, "fault-seen", 1)),
        row("overtime", "Call people in", "More hands for a shift, and tired ones after it.",
            People, Effect::Overtime { share: 0.6, hours: 10 }, (500.0, 90, "fault-seen", 4)),
        row("contractors", "Hire help", "Ten more pairs of hands, slower than your own.",
            People, Effect::Contractors { technicians: 10, pace: 0.7, hours: 24 }, (10_000.0, 240, "fault-seen", 3)),
        row("pool-engineers", "Ask the pool", "Engineers lent by others, while there are any.",
            People, Effect::NationalPool { pool: pool(), technicians: 8, pace: 0.8, hours: 24 },
            (0.0, 360, "fault-seen", 2)),
        row("volunteers", "Send people round", "Others find the machines, technicians mend them.",
            People, Effect::Volunteers { locate: 0.5, hours: 12 }, (500.0, 60, "fault-seen", 3)),
        row("rest", "Send part of the crew home", "Tired crews slip; rest them before the second night.",
            People, Effect::Rest { share: 0.4, hours: 8 }, (0.0, 15, "", 3)),
        row("open-fallback", "Work on paper", "Part of the service goes on by hand.",
            Continuity, Effect::OpenFallback, (1_000.0, 30, "fault-seen", 0)),
        row("shed-demand", "Turn some away", "Fewer come, and those are lost.",
            Continuity, Effect::ShedDemand { share: 0.2, hours: 12 }, (0.0, 30, "fault-seen", 2)),
        row("postpone-demand", "Put off what can wait", "It returns in the days after.",
            Continuity, Effect::PostponeDemand { share: 0.3, hours: 24 }, (0.0, 60, "fault-seen", 2)),
        row("fail-over", "Go to the second supplier", "A part of the service from elsewhere.",
            Continuity, Effect::FailOver { level: 0.5, hours: 24 }, (20_000.0, 240, "fault-seen", 1)),
        row("extend-hours", "Open longer", "Clears what has piled up.",
            Continuity, Effect::ExtendHours { extra: 0.4, hours: 48 }, (5_000.0, 120, "", 2)),
        row("clear-rework", "Reset the schedule", "Cancels on purpose and starts tomorrow afresh.",
            Continuity, Effect::ClearRework { factor: 3.0, hours: 24 }, (50_000.0, 120, "fault-seen", 2)),
        row("tell-staff", "Tell staff", "Who knows what is going on falls for fewer false tools. Says that all is back within twelve hours.",
            Communication, Effect::Statement { audience: Audience::Staff, trust: 6.0, promise_hours: 12 }, (0.0, 20, "fault-seen", 3)),
        row("tell-customers", "Tell customers", "Fewer call the people who repair. Says that all is back within twelve hours.",
            Communication, Effect::Statement { audience: Audience::Customers, trust: 6.0, promise_hours: 12 }, (500.0, 30, "fault-seen", 3)),
        row("tell-regulator", "Notify the regulator", "A duty with a clock in some sectors.",
            Communication, Effect::Statement { audience: Audience::Regulator, trust: 8.0, promise_hours: 0 }, (500.0, 60, "fault-seen", 2)),
    ]
}

#[rustfmt::skip]
fn preparation() -> Vec<Row> {
    let row = |id, name, summary, group, effect, cost_usd| {
        Row { id, name, summary, group, effect, cost_usd, lead_min: 0, requires: "", times_max: 1 }
    };
    vec![
        row("prepare-keys", "Keep recovery keys offline", "A copy that needs no server, kept under lock.",
            Group::Repair, Effect::EscrowKeys, 8_000.0),
        row("drill-paper", "Practise on paper", "The fallback holds out for longer.",
            Group::Continuity, Effect::Drill { endurance: 1.5 }, 15_000.0),
    ]
}
