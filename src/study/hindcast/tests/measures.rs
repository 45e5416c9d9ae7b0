//! Measures that are made of other measures, moments, services, and scopes with lists, sizes and exclusions.

use super::*;

const DOWN: &str = "hosts_down(org:st-elsewhere)";
const CRASHED: &str = "hosts_crashed(org:st-elsewhere)";

#[test]
fn arithmetic_on_measures() {
    let lost = r#"At("lost(all)", "2024-07-20T00:00Z")"#;
    let demand = r#"At("demand(all)", "2024-07-20T00:00Z")"#;
    let never = r#"Until("hosts_total(all)", Below(0.0), "2024-07-19T06:00Z", 0)"#;
    let values = |series: Series| (series("lost(all)")[1440], series("demand(all)")[1440]);
    check(&format!("Sum([{lost}, {demand}, Number(-7.5)])"), |series| values(series).0 + values(series).1 - 7.5);
    check(&format!("Difference({demand}, {lost})"), |series| values(series).1 - values(series).0);
    check(&format!("Difference(Number(1.0), Ratio({lost}, {demand}))"), |series| {
        1.0 - values(series).0 / values(series).1
    });
    check(&format!("Scaled({lost}, 0.25)"), |series| values(series).0 * 0.25);
    check(&format!("Max([{lost}, {demand}])"), |series| values(series).0.max(values(series).1));
    check(&format!("Min([{lost}, {demand}])"), |series| values(series).0.min(values(series).1));
    check(&format!("Max([{lost}, {never}])"), |_| f64::INFINITY);
    check(&format!("Sum([{lost}, {never}])"), |_| f64::INFINITY);
    check(&format!("Difference({never}, {never})"), |_| f64::NAN);
    check(&format!("Max([{lost}, Ratio({lost}, Number(0.0))])"), |_| f64::NAN);
    check(&format!("Descending([{never}, {demand}])"), |_| 1.0);
}

#[test]
fn rates_between_two_times() {
    let times = r#""2024-07-19T08:00Z", "2024-07-19T11:00Z""#;
    let at = |series: Series| (series(DOWN)[480], series(DOWN)[660]);
    check(&format!(r#"Rate("{DOWN}", {times})"#), |series| (at(series).1 - at(series).0) / 3.0);
    check(&format!(r#"Decay("{DOWN}", {times})"#), |series| libm::log(at(series).0 / at(series).1) / 3.0);
    let half = |series: Series| 3.0 * std::f64::consts::LN_2 / libm::log(at(series).0 / at(series).1);
    check(&format!(r#"HalfLife("{DOWN}", {times})"#), half);
    check(&format!(r#"Over(Now("{DOWN}"), HalfLife, {times})"#), half);
    check(&format!(r#"Over(Ratio(Now("{DOWN}"), At("{CRASHED}", "2024-07-19T12:00Z")), HalfLife, {times})"#), half);
    check(&format!(r#"HalfLife("hosts_total(all)", {times})"#), |_| f64::INFINITY);
    check(&format!(r#"HalfLife("hosts_held(all)", {times})"#), |_| f64::NAN);
    check(&format!(r#"HalfLife("{DOWN}", "2024-07-19T08:00Z", "2024-07-21T00:00Z")"#), |series| {
        let (from, to) = (series(DOWN)[480], series(DOWN)[2880]);
        if to == 0.0 { 0.0 } else { 40.0 * std::f64::consts::LN_2 / libm::log(from / to) }
    });
    check(&format!(r#"Over(Now("{DOWN}"), Change, {times})"#), |series| at(series).1 - at(series).0);
}

#[test]
fn moments_of_any_measure() {
    let ratio = |series: Series| -> Vec<f64> {
        series(DOWN).iter().zip(series(CRASHED)).map(|(down, crashed)| down / crashed).collect()
    };
    let now = format!(r#"Ratio(Now("{DOWN}"), Now("{CRASHED}"))"#);
    check(&format!(r#"UntilOf({now}, Below(0.5), "2024-07-19T06:00Z", 30)"#), |series| {
        hours_until(&ratio(series), 360, 30, |value| value <= 0.5)
    });
    check(&format!(r#"Over({now}, Mean, "2024-07-19T06:00Z", "2024-07-19T10:00Z")"#), |series| {
        let values: Vec<f64> = (360..=600).step_by(5).map(|tick| ratio(series)[tick]).collect();
        values.iter().sum::<f64>() / values.len() as f64
    });
    // A value of a time before the steps, and the peak before them.
    let peak = format!(r#"Greatest("{DOWN}", "2024-07-19T04:00Z", "2024-07-19T07:00Z")"#);
    let text = format!(r#"UntilOf(Ratio(Now("{DOWN}"), {peak}), Below(0.5), "2024-07-19T07:00Z", 0)"#);
    check(&text, |series| {
        let down = series(DOWN);
        let peak = (240..=420).step_by(5).map(|tick| down[tick]).fold(0.0, f64::max);
        hours_until(&down, 420, 0, |value| value / peak <= 0.5)
    });
    // The number of organisations in trouble, as it changes.
    let count = r#"Across("population:carriers", Now("hosts_down(each)"), CountAbove(5.0))"#;
    check(&format!(r#"UntilOf({count}, Below(0.0), "2024-07-19T06:00Z", 60)"#), |series| {
        let of_all: Vec<Vec<f64>> = CARRIERS.iter().map(|id| series(&format!("hosts_down(org:{id})"))).collect();
        let count: Vec<f64> = (0..of_all[0].len())
            .map(|tick| 6.0 * of_all.iter().filter(|values| 5.0 < values[tick]).count() as f64)
            .collect();
        hours_until(&count, 360, 60, |value| value <= 0.0)
    });
    // Each member has its own moments.
    let each =
        r#"UntilOf(Ratio(Now("hosts_down(each)"), Now("hosts_crashed(each)")), Below(0.5), "2024-07-19T06:00Z", 0)"#;
    check(&format!(r#"Across("population:carriers", {each}, Greatest)"#), |series| {
        let hours = |id: &&str| {
            let (down, crashed) =
                (series(&format!("hosts_down(org:{id})")), series(&format!("hosts_crashed(org:{id})")));
            let shares: Vec<f64> = down.iter().zip(crashed).map(|(down, crashed)| down / crashed).collect();
            hours_until(&shares, 360, 0, |value| value <= 0.5)
        };
        CARRIERS.iter().map(hours).fold(0.0, f64::max)
    });
}

/// Every service counts, important or not, as often as the organisation that it belongs to.
#[test]
fn statistics_across_services() {
    let setup = setup();
    let scenario = &setup.scenario;
    let meant_by = |owner: &str| MEANT.iter().find(|(id, _)| *id == owner).expect("a meant organisation").1;
    let keys: Vec<String> = scenario.services.indices().map(|service| scenario.service_key(service)).collect();
    let services = || keys.iter().map(|key| (key.as_str(), meant_by(key.split_once('/').expect("a key").0)));
    let across = |scope: &str, metric: &str, statistic: &str| {
        format!(r#"AcrossServices("{scope}", At("{metric}", "2024-07-19T10:00Z"), {statistic})"#)
    };
    check(&across("all", "level(each)", "Count"), |_| services().map(|(_, weight)| weight).sum());
    check(&across("all", "lost(each)", "Total"), |series| {
        services().map(|(key, weight)| weight * series(&format!("lost(service:{key})"))[600]).sum()
    });
    let flights = |key: &str| key.ends_with("/flights");
    check(&across("services:flights", "below_target_min(each)", "CountAbove(30.0)"), |series| {
        let is_below = |key: &str| 30.0 < series(&format!("below_target_min(service:{key})"))[600];
        services().filter(|(key, _)| flights(key) && is_below(key)).map(|(_, weight)| weight).sum()
    });
    check(&across("all", "level(each & services:flights)", "Count"), |_| {
        services().filter(|(key, _)| flights(key)).map(|(_, weight)| weight).sum()
    });
    check(&across("service:tiny-air/flights|carriers-1/flights", "lost(each)", "Greatest"), |series| {
        series("lost(service:tiny-air/flights)")[600].max(series("lost(service:carriers-1/flights)")[600])
    });
    // A metric of hosts is that of the service's organisation.
    let only = r#"Above(At("hosts_crashed(each & role:pcs)", "2024-07-19T10:00Z"), 20.0)"#;
    let text = format!(r#"AcrossServices("all", At("lost(each)", "2024-07-19T10:00Z"), Count, {only})"#);
    check(&text, |series| {
        let crashed = |key: &str| {
            let owner = key.split_once('/').expect("a key").0;
            let has_pcs = owner != "tiny-cloud";
            has_pcs && 20.0 < series(&format!("hosts_crashed(org:{owner} & role:pcs)"))[600]
        };
        services().filter(|(key, _)| crashed(key)).map(|(_, weight)| weight).sum()
    });
}

#[test]
fn scopes_with_lists_and_exclusions() {
    let at = |metric: &str| format!(r#"At("{metric}", "2024-07-19T10:00Z")"#);
    let down = |series: Series, ids: &[&str]| -> f64 {
        ids.iter().map(|id| series(&format!("hosts_down(org:{id})"))[600]).sum()
    };
    check(&at("hosts_down(org:st-elsewhere|tiny-air)"), |series| down(series, &["st-elsewhere", "tiny-air"]));
    check(&at("hosts_down(org:st-elsewhere & org:tiny-air|tiny-cloud|st-elsewhere)"), |series| {
        down(series, &["st-elsewhere"])
    });
    // A member beside other scopes stands for its like, a member that is named alone does not.
    check(&at("hosts_down(org:tiny-cloud | population:carriers)"), |series| {
        down(series, &["tiny-cloud"]) + 3.0 * down(series, &CARRIERS)
    });
    check(&at("hosts_down(sector:airline & !org:tiny-air)"), |series| 3.0 * down(series, &CARRIERS));
    check(&at("hosts_down(!org:tiny-air|tiny-cloud & !population:carriers)"), |series| down(series, &["st-elsewhere"]));
    check(&at("hosts_down(role:pcs|servers)"), |series| series("hosts_down(all)")[600]);
    check(&at("hosts_down(!role:pcs)"), |series| series("hosts_down(role:servers)")[600]);
    check(&at("lost(service:tiny-air/flights|st-elsewhere/operations)"), |series| {
        series("lost(service:tiny-air/flights)")[600] + series("lost(service:st-elsewhere/operations)")[600]
    });
    let across = |scope: &str| format!(r#"Across("{scope}", At("hosts_total(each)", "2024-07-19T10:00Z"), Count)"#);
    check(&across("org:st-elsewhere | population:carriers"), |_| 23.0);
    check(&across("!population:carriers"), |_| 7.0);
}

/// A size is that of one of the organisations that an entry summarises.
#[test]
fn scopes_by_size() {
    let mut docs = documents();
    docs.organisations[1].people = Some(Tagged::Invented(900, "for a test".to_owned()));
    let scenario = compiled(docs);
    let found = |scope: &str| {
        let name = ObservableRef::parse(&format!("hosts_total({scope})")).unwrap_or_else(|problem| panic!("{problem}"));
        let found = scenario.observable(&name).unwrap_or_else(|problem| panic!("{problem}"));
        found.organisations.iter().map(|&index| scenario.organisation_id(index).into_owned()).collect::<Vec<_>>()
    };
    let size = |id: &str| {
        let index = scenario.organisations.indices().find(|&index| scenario.organisation_id(index) == id);
        let index = index.expect("an organisation");
        let hosts: u32 = scenario.organisations[index].fleets.iter().map(|fleet| scenario.fleets[fleet].hosts).sum();
        hosts / scenario.organisations[index].comprises
    };
    let hospital = size("st-elsewhere");
    assert!(found(&format!("hosts:{hospital}..{}", hospital + 1)).contains(&"st-elsewhere".to_owned()));
    assert!(!found(&format!("hosts:..{hospital}")).contains(&"st-elsewhere".to_owned()));
    assert_eq!(found("people:900..901"), ["tiny-air"]);
    assert_eq!(found("people:901..1000"), Vec::<String>::new());
    let pcs = scenario.organisations[crate::base::Ix::new(0)].people;
    assert!(0 < pcs, "without a figure, PCs and laptops count");
    assert!(found(&format!("people:{}..{}", pcs / 5, pcs / 5 + 1)).contains(&"st-elsewhere".to_owned()));
}
