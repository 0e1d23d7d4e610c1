//! How memory goes back to the system.
//!
//! The allocator of glibc raises the size from which a block has pages of its own to that of
//! the largest block that was ever freed, up to 32 MB. After one sort, column buffers stand
//! between small blocks that live on, and what is freed stays with the process: a run of a
//! million rows held three times the memory that it used. With a fixed size it is returned.

/// Makes freed blocks of a megabyte or more go back to the system at once.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a foreign function without a safe wrapper")]
pub(crate) fn give_back() {
    const OWN_PAGES: libc::c_int = 1 << 20;
    const AT_THE_END: libc::c_int = 4 << 20;
    // SAFETY: `mallopt` takes two numbers, keeps no pointer, and refuses values out of range.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, AT_THE_END);
    }
}

/// Other allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
