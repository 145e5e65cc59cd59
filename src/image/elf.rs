//! What an executable or a library says of itself: its machine, its loader and the libraries that it needs.

use object::{
    Endianness, FileKind, ReadCache, ReadRef, StringTable, elf,
    read::elf::{Dyn, FileHeader, ProgramHeader},
};
use std::{fs::File, path::Path};

/// More entries than any real library has; what says more is not believed.
const MOST_ENTRIES: usize = 512;

/// What an ELF file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Elf {
    /// `e_machine`: 62 is x86-64, 183 is AArch64.
    pub machine: u16,
    /// Whether it is of the 64-bit class.
    pub wide: bool,
    /// The loader that it asks for; none: it is static, or a library.
    pub interpreter: Option<String>,
    /// Names of the libraries that it needs, in order.
    pub needed: Vec<String>,
    /// `DT_RUNPATH` and `DT_RPATH`, split, with `$ORIGIN` as it is written.
    pub run_path: Vec<String>,
}

impl Elf {
    /// The machine as Docker and Go name it, where it is one that images are made for.
    pub fn architecture(&self) -> Option<&'static str> {
        match (self.machine, self.wide) {
            (machine, true) if machine == elf::EM_X86_64.0 => Some("amd64"),
            (machine, true) if machine == elf::EM_AARCH64.0 => Some("arm64"),
            _ => None,
        }
    }

    /// Whether it runs as it is, without a loader.
    pub fn is_static(&self) -> bool {
        self.interpreter.is_none() && self.needed.is_empty()
    }
}

/// Reads the headers of a file; the rest of it is not read. The error says in words what is wrong.
pub fn read_elf(path: &Path) -> Result<Elf, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let cache = ReadCache::new(file);
    let read = match FileKind::parse(&cache) {
        Ok(FileKind::Elf64) => facts::<elf::FileHeader64<Endianness>, _>(&cache),
        Ok(FileKind::Elf32) => facts::<elf::FileHeader32<Endianness>, _>(&cache),
        _ => return Err("it is not an ELF file".to_owned()),
    };
    read.map_err(|error| format!("its ELF headers make no sense: {error}"))
}

fn facts<'data, H, R>(data: R) -> object::Result<Elf>
where
    H: FileHeader<Endian = Endianness>,
    R: ReadRef<'data>,
{
    let header = H::parse(data)?;
    let endian = header.endian()?;
    let segments = header.program_headers(endian, data)?;
    let mut found = Elf { machine: header.e_machine(endian).0, wide: header.is_class_64(), ..Elf::default() };
    for segment in segments {
        if let Some(path) = segment.interpreter(endian, data)? {
            found.interpreter = Some(String::from_utf8_lossy(path).into_owned());
        }
        if let Some(entries) = segment.dynamic(endian, data)? {
            read_dynamic::<H, R>(&mut found, endian, data, segments, entries);
        }
    }
    Ok(found)
}

fn read_dynamic<'data, H, R>(
    found: &mut Elf,
    endian: Endianness,
    data: R,
    segments: &[H::ProgramHeader],
    entries: &[H::Dyn],
) where
    H: FileHeader<Endian = Endianness>,
    R: ReadRef<'data>,
{
    let entries = || {
        let pairs = entries.iter().map(|entry| (entry.d_tag(endian), entry.d_val(endian)));
        pairs.take_while(|(tag, _)| *tag != elf::DT_NULL).take(MOST_ENTRIES)
    };
    let value_of = |wanted| entries().find(|(tag, _)| *tag == wanted).map(|(_, value)| value.into());
    let (Some(address), Some(size)) = (value_of(elf::DT_STRTAB), value_of(elf::DT_STRSZ)) else { return };
    let Some(start) = offset_of::<H>(segments, endian, address) else { return };
    let strings = StringTable::new(data, start, start.saturating_add(size));
    for (tag, value) in entries() {
        let Some(text) = u32::try_from(value.into()).ok().and_then(|at| strings.get(at).ok()) else { continue };
        let text = String::from_utf8_lossy(text).into_owned();
        match tag {
            elf::DT_NEEDED => found.needed.push(text),
            elf::DT_RUNPATH | elf::DT_RPATH => found.run_path.extend(text.split(':').map(str::to_owned)),
            _ => {}
        }
    }
}

/// Where in the file an address of the loaded program is.
fn offset_of<H: FileHeader<Endian = Endianness>>(
    segments: &[H::ProgramHeader],
    endian: Endianness,
    address: u64,
) -> Option<u64> {
    segments.iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD).find_map(|segment| {
        let (start, size): (u64, u64) = (segment.p_vaddr(endian).into(), segment.p_filesz(endian).into());
        let within = address.checked_sub(start).filter(|within| *within < size)?;
        within.checked_add(segment.p_offset(endian).into())
    })
}
