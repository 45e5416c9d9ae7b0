//! ZIP files without compression and without times: equal parts make equal bytes.

/// CRC-32 of ISO 3309, as ZIP has it.
fn crc(data: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
    }
    !crc
}

/// The file of some parts, in their order.
///
/// # Panics
/// If the parts do not fit a file of 4 GiB.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    // Version 2.0, names in UTF-8, stored, at midnight of 1 January 1980.
    const VERSION_TO_DATE: [u16; 5] = [20, 0x0800, 0, 0, 0x21];
    let size = |bytes: usize| u32::try_from(bytes).expect("a report is smaller than 4 GiB");
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        let place = size(file.len());
        let mut head = Vec::new();
        VERSION_TO_DATE.iter().for_each(|word| head.extend(word.to_le_bytes()));
        [crc(data), size(data.len()), size(data.len())].iter().for_each(|word| head.extend(word.to_le_bytes()));
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(*data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (place, count) = (size(file.len()), parts.len() as u16);
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(size(directory.len()).to_le_bytes());
    file.extend(place.to_le_bytes());
    file.extend([0, 0]);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
    }
}
