//! How memory goes back to the system.
//!
//! The allocator of glibc has heaps of its own for up to eight times as many threads as there
//! are processors, and gives back only what is free at the end of a heap; the size from which
//! a block has pages of its own rises to that of the largest that was ever freed. After one
//! sort, what is free between small blocks that live on stays with the process: a run of a
//! million rows held four times the memory that it used.

/// One heap for each processor, sizes that stay, and large blocks that leave at once.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a foreign function without a safe wrapper")]
pub(crate) fn settle() {
    // Smaller ones come and go with every batch, and new pages cost more than they save.
    const OWN_PAGES: libc::c_int = 8 << 20;
    const AT_THE_END: libc::c_int = 16 << 20;
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get());
    let heaps = libc::c_int::try_from(processors).unwrap_or(libc::c_int::MAX);
    // SAFETY: `mallopt` takes two numbers, keeps no pointer, and refuses values out of range.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, heaps);
        libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, AT_THE_END);
    }
}

/// Gives back what is free between blocks; takes milliseconds.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a foreign function without a safe wrapper")]
pub(crate) fn give_back() {
    // SAFETY: `malloc_trim` takes a number, and touches only what no block holds.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators look after themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn settle() {}

/// Other allocators look after themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
