// SPDX-License-Identifier: GPL-2.0

//! `READ_ONCE()` and `WRITE_ONCE()`, for what is read on the way of every packet.
//!
//! [`Atomic`] is what else does this, by calls of helpers. By these, a lookup in a table of eleven
//! routes takes 415 instructions on x86-64; it takes 295 by what C compiles the macros to, volatile
//! accesses. With `CONFIG_RUST_INLINE_HELPERS`, helpers are no calls, and nothing else is used.
//!
//! C header: [`include/asm-generic/rwonce.h`](srctree/include/asm-generic/rwonce.h)

use super::atomic::{
    Atomic,
    AtomicBasicOps,
    AtomicType,
    Relaxed, //
};

/// Whether C's macros may be more than volatile accesses, as on arm64, or helpers are no calls.
const AS_ATOMIC: bool = cfg!(CONFIG_LTO) || cfg!(CONFIG_RUST_INLINE_HELPERS);

/// Loads a value, whole and once, that others may store meanwhile. What is found by way of it was
/// written before it was stored, if that was done by `smp_store_release()`: as by
/// `rcu_dereference()`.
///
/// # Safety
///
/// - `ptr` must be aligned, and valid for reads and writes.
/// - All others who access what it points to meanwhile must do so whole, as [`Atomic`] and C's
///   macros do.
#[inline]
pub(crate) unsafe fn read_once<T>(ptr: *const T) -> T
where
    T: AtomicType,
    T::Repr: AtomicBasicOps,
{
    if AS_ATOMIC {
        // SAFETY: By the contract of this function.
        unsafe { Atomic::from_ptr(ptr.cast_mut()) }.load(Relaxed)
    } else {
        // SAFETY: By the contract of this function. A type of `Atomic` is loaded whole.
        unsafe { ptr.read_volatile() }
    }
}

/// Stores a value, whole and once, that others may load meanwhile.
///
/// # Safety
///
/// As for [`read_once()`].
#[inline]
pub(crate) unsafe fn write_once<T>(ptr: *mut T, value: T)
where
    T: AtomicType,
    T::Repr: AtomicBasicOps,
{
    if AS_ATOMIC {
        // SAFETY: By the contract of this function.
        unsafe { Atomic::from_ptr(ptr) }.store(value, Relaxed);
    } else {
        // SAFETY: By the contract of this function. A type of `Atomic` is stored whole.
        unsafe { ptr.write_volatile(value) };
    }
}
