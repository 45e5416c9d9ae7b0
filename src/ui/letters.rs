//! Letters that the shipped typefaces lack (Chinese, Arabic, Hindi, Thai, signs): looked for in the fonts
//! of the system when a text on the screen needs them, each letter once.
//!
//! Reads font files and nothing else. A letter that no font has stays a replacement sign.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use egui::epaint::Shape;
use egui::{Context, FontData, Id};
use skrifa::raw::{FileRef, types::Tag};
use skrifa::{FontRef, MetadataProvider};

use super::theme;

/// Larger files are skipped, and one search reads at most this many bytes.
const FILE_BYTES_MAX: u64 = 48 << 20;
const SEARCH_BYTES_MAX: u64 = 512 << 20;
/// Greatest depth of folders inside a folder of fonts.
const DEPTH_MAX: usize = 6;

/// Fonts found so far, and letters that were searched for.
#[derive(Default)]
struct Supply {
    looked_for: BTreeSet<char>,
    fonts: Vec<(String, Arc<FontData>)>,
}

/// Searches the texts drawn in this pass for letters that no loaded font has, and loads fonts for them. The fonts are
/// in force from the next pass on.
pub fn supply(ctx: &Context) {
    let supply = ctx
        .data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Supply>>>(Id::new("letters of the system")).clone());
    let mut supply = supply.lock().unwrap_or_else(PoisonError::into_inner);
    let mut wanted = BTreeSet::new();
    let layers: Vec<_> = ctx.memory(|memory| memory.layer_ids().collect());
    ctx.graphics(|graphics| {
        for list in layers.into_iter().filter_map(|layer| graphics.get(layer)) {
            for entry in list.all_entries() {
                letters_of(&entry.shape, &supply.looked_for, &mut wanted);
            }
        }
    });
    if wanted.is_empty() {
        return;
    }
    supply.looked_for.extend(&wanted);
    wanted.retain(|letter| !theme::has_letter(*letter));
    let found = fonts_with(wanted, &folders());
    if found.is_empty() {
        return;
    }
    for (path, data) in found {
        supply.fonts.push((path.display().to_string(), Arc::new(data)));
    }
    ctx.set_fonts(theme::fonts(&supply.fonts));
    ctx.request_discard("letters of another script are available from the next pass on");
}

/// Adds the letters of a shape's texts that were not searched for before.
fn letters_of(shape: &Shape, looked_for: &BTreeSet<char>, wanted: &mut BTreeSet<char>) {
    match shape {
        Shape::Text(text) => {
            let text = text.galley.text();
            if !text.is_ascii() {
                let letters = text.chars().filter(|letter| !letter.is_ascii() && !letter.is_control());
                wanted.extend(letters.filter(|letter| !looked_for.contains(letter)));
            }
        }
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| letters_of(shape, looked_for, wanted)),
        _ => {}
    }
}

/// The folders in which systems keep their fonts.
fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let in_home = |folder: &str| home.as_ref().map(|home| home.join(folder));
    if cfg!(windows) {
        let windows = std::env::var_os("WINDIR").map_or_else(|| PathBuf::from("C:\\Windows"), PathBuf::from);
        let own = std::env::var_os("LOCALAPPDATA").map(|data| PathBuf::from(data).join("Microsoft\\Windows\\Fonts"));
        return [Some(windows.join("Fonts")), own].into_iter().flatten().collect();
    }
    let fixed = match cfg!(target_os = "macos") {
        true => ["/System/Library/Fonts", "/Library/Fonts"],
        false => ["/usr/share/fonts", "/usr/local/share/fonts"],
    };
    let own = match cfg!(target_os = "macos") {
        true => [in_home("Library/Fonts"), None],
        false => [in_home(".local/share/fonts"), in_home(".fonts")],
    };
    fixed.into_iter().map(PathBuf::from).chain(own.into_iter().flatten()).collect()
}

/// Fonts that have the wanted letters: the most suitable files are tried first, and each adds letters that are missing.
fn fonts_with(mut wanted: BTreeSet<char>, folders: &[PathBuf]) -> Vec<(PathBuf, FontData)> {
    let mut files = Vec::new();
    if !wanted.is_empty() {
        folders.iter().for_each(|folder| list_fonts(folder, 0, &mut files));
    }
    files.sort_by_key(|(path, bytes)| (Reverse(suitability(path)), *bytes, path.clone()));
    let mut fonts = Vec::new();
    let mut read = 0;
    for (path, bytes) in files {
        if wanted.is_empty() || SEARCH_BYTES_MAX < read {
            break;
        }
        read += bytes;
        // A font that cannot be read is skipped.
        let Ok(data) = std::fs::read(&path) else { continue };
        let Some((index, had)) = best_face(&data, &wanted) else { continue };
        wanted.retain(|letter| !had.contains(letter));
        fonts.push((path, FontData { index, ..FontData::from_owned(data) }));
    }
    fonts
}

/// The face of a file that has most of the letters, and the letters that it has.
fn best_face(data: &[u8], wanted: &BTreeSet<char>) -> Option<(u32, BTreeSet<char>)> {
    let faces = FileRef::new(data).ok()?;
    let had = |font: FontRef<'_>| -> BTreeSet<char> {
        let charmap = font.charmap();
        let is_drawable = [b"glyf", b"CFF ", b"CFF2"].into_iter().any(|tag| font.table_data(Tag::new(tag)).is_some());
        // Fonts of colour bitmaps have no outlines to draw.
        let letters = wanted.iter().copied().filter(|letter| is_drawable && charmap.map(*letter).is_some());
        letters.collect()
    };
    let faces = (0..).zip(faces.fonts().flatten());
    let best = faces.map(|(index, font)| (index, had(font))).max_by_key(|(index, had)| (had.len(), Reverse(*index)));
    best.filter(|(_, had)| !had.is_empty())
}

fn list_fonts(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = std::fs::metadata(&path) else { continue };
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_ascii_lowercase();
        if about.is_dir() && depth < DEPTH_MAX {
            list_fonts(&path, depth + 1, files);
        } else if about.is_file()
            && ["ttf", "otf", "ttc", "otc"].contains(&kind.as_str())
            && about.len() <= FILE_BYTES_MAX
        {
            files.push((path, about.len()));
        }
    }
}

/// Upright sans serif faces of usual weight first, those made for many scripts before others.
fn suitability(path: &Path) -> i32 {
    const FITTING: [&str; 14] = [
        "notosans",
        "dejavusans",
        "droidsans",
        "wqy",
        "sourcehan",
        "msyh",
        "malgun",
        "yugoth",
        "pingfang",
        "hiragino",
        "nirmala",
        "leelawad",
        "segoeui",
        "arialunicode",
    ];
    const UNFITTING: [&str; 10] =
        ["bold", "italic", "oblique", "light", "thin", "black", "serif", "mono", "condensed", "color"];
    let name = path.file_stem().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.replace([' ', '-', '_'], "");
    let is_fitting = FITTING.iter().any(|word| name.contains(word));
    let faults = UNFITTING.iter().filter(|word| name.contains(**word)).count();
    2 * i32::from(is_fitting) - 3 * i32::try_from(faults).unwrap_or(i32::MAX / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> BTreeSet<char> {
        text.chars().collect()
    }

    #[test]
    fn fonts_are_taken_for_the_letters_they_have_and_bad_files_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let within = folder.path().join("truetype");
        std::fs::create_dir(&within).expect("a folder within");
        std::fs::write(folder.path().join("broken.ttf"), b"no font at all").expect("a broken file");
        std::fs::write(folder.path().join("notes.txt"), b"text").expect("another file");
        let inter = include_bytes!("../../assets/fonts/Inter-Regular.otf");
        std::fs::write(within.join("Inter.otf"), inter).expect("a font");
        let folders = [folder.path().to_path_buf(), PathBuf::from("/nowhere/at/all")];
        let found = fonts_with(wanted("éж中"), &folders);
        assert_eq!(found.len(), 1, "Inter has two of the three");
        assert!(found[0].0.ends_with("Inter.otf") && found[0].1.index == 0);
        assert!(fonts_with(wanted("中"), &folders).is_empty(), "Inter has no Chinese");
        assert!(fonts_with(BTreeSet::new(), &folders).is_empty());
    }

    #[test]
    fn upright_faces_of_usual_weight_come_first() {
        let mut names = ["NotoSans-Bold.ttf", "Zapf.ttf", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Light.ttc"];
        names.sort_by_key(|name| Reverse(suitability(Path::new(name))));
        assert_eq!(names, ["NotoSansCJK-Regular.ttc", "Zapf.ttf", "NotoSans-Bold.ttf", "NotoSerifCJK-Light.ttc"]);
    }
}
