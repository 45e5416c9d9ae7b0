//! The land of the world as a grid of dots in the map's projection: the picture on the start screen.
//!
//! Sampled from Natural Earth's 1:110m land (`assets/map/land-110m.json`, public domain): 120
//! columns from 180° west to 180° east, rows of the same step in Miller's projection from 75° north.

/// Columns of the grid; the most significant of the 120 bits of a row is the westernmost.
pub const COLUMNS: usize = 120;

/// One bit per cell, true on land.
pub const ROWS: [u128; 52] = [
    0x0000_0030_0000_7ff8_0000_0200_7f80_0000,
    0x0000_0037_bb80_3ff8_0000_0611_fffe_1000,
    0x0080_0007_8bf0_3ff8_0004_05c8_0001_01ff,
    0x0003_fdf7_ddbc_1ff0_003e_0097_ffff_fff7,
    0x0078_0000_0053_c07f_ff80_2008_0000_0000,
    0x0010_0000_01e5_c0f1_ff00_c000_0000_0000,
    0x0003_ffff_fd8c_1c0e_01ef_ffff_ffff_fffe,
    0x0007_ffff_f874_1c00_03df_ffff_ffff_ffde,
    0x000f_efff_f03a_0400_03c3_ffff_ffff_ff30,
    0x0001_81ff_f83e_0000_20cf_ffff_ffff_e040,
    0x0002_00ff_fe3f_0000_209f_ffff_ffff_c0c0,
    0x0000_007f_ffbf_8000_51ff_ffff_ffff_e080,
    0x0000_007f_ffbf_8000_37ff_ffff_ffff_f080,
    0x0000_001f_fff8_4000_1fff_ffff_ffff_f000,
    0x0000_001f_fff4_4000_1fff_7fff_ffff_d000,
    0x0000_001f_fffe_0000_0f7c_77ff_ffff_9000,
    0x0000_001f_fff0_0000_78b8_33ff_fffe_0000,
    0x0000_001f_ffe0_0000_7057_f3ff_fffa_0000,
    0x0000_001f_ffe0_0000_2017_fbff_fffa_2000,
    0x0000_000f_ffc0_0000_3e00_ffff_fff0_c000,
    0x0000_0007_ff80_0000_7f90_ffff_fff9_0000,
    0x0000_0001_f080_0000_ffff_f7ff_fff8_0000,
    0x0000_0002_f000_0001_fffe_f9ff_fff0_0000,
    0x0000_0001_e000_0001_ffff_7f1f_ffe0_0000,
    0x0000_0000_7220_0003_ffff_7f0f_9f00_0000,
    0x0000_0000_3e00_0001_ffff_bc0f_1f08_0000,
    0x0000_0000_0700_0003_ffff_f806_0708_0000,
    0x0000_0000_0100_0001_ffff_c006_0300_0000,
    0x0000_0000_00bf_0000_ffff_f800_0000_0000,
    0x0000_0000_003f_c000_73ff_f000_0400_0000,
    0x0000_0000_003f_e000_01ff_f000_0860_0000,
    0x0000_0000_007f_f000_01ff_c000_06e0_0000,
    0x0000_0000_007f_fe00_01ff_8000_0269_e000,
    0x0000_0000_007f_ff00_00ff_8000_0100_3800,
    0x0000_0000_003f_ff00_00ff_8000_0004_1400,
    0x0000_0000_003f_fe00_007f_8000_0000_d000,
    0x0000_0000_001f_fe00_00ff_c800_0003_9000,
    0x0000_0000_000f_fe00_00ff_1000_0007_f801,
    0x0000_0000_0007_fc00_00ff_1000_001f_fc00,
    0x0000_0000_0007_f800_007f_1000_003f_fc00,
    0x0000_0000_000f_f000_007e_0000_003f_fe00,
    0x0000_0000_000f_e000_003c_0000_003f_fe00,
    0x0000_0000_000f_e000_003c_0000_001e_fe00,
    0x0000_0000_000f_c000_0000_0000_0010_3c00,
    0x0000_0000_001f_8000_0000_0000_0000_1c02,
    0x0000_0000_001e_0000_0000_0000_0000_0002,
    0x0000_0000_001e_0000_0000_0000_0000_0804,
    0x0000_0000_001c_0000_0000_0000_0000_0008,
    0x0000_0000_001c_0000_0000_0000_0000_0000,
    0x0000_0000_0018_0000_0000_0000_0000_0000,
    0x0000_0000_0018_8000_0000_0000_0000_0000,
    0x0000_0000_000c_0000_0000_0000_0000_0000,
];

/// Is a cell land? Cells outside the grid are sea.
pub fn is_land(column: usize, row: usize) -> bool {
    column < COLUMNS && ROWS.get(row).is_some_and(|bits| bits >> (COLUMNS - 1 - column) & 1 == 1)
}

/// The cell of a place, whether or not it lies inside the grid.
pub fn cell_of(lat_deg: f64, lon_deg: f64) -> (f64, f64) {
    let [x, y] = crate::ui::projection::map_from_geo(lat_deg, lon_deg);
    let [west, north] = crate::ui::projection::map_from_geo(75.0, -180.0);
    let step = std::f64::consts::TAU / COLUMNS as f64;
    ((x - west) / step, (north - y) / step)
}
