// SPDX-License-Identifier: GPL-2.0

//! Where the process starts: in front of the C library, which may not be needed.
//!
//! To add a route takes two system calls, but most of what a process costs is the C library and
//! Rust's own getting ready for more than that: under --icount, 690,000 instructions from fork() to
//! exit, of which 290,000 are a process that does nothing. So a change that needs no library (no
//! name is looked up, no error told) is made at once, 370,000 in all, and only what is left goes on
//! to `_start`.
//!
//! Until then there is no allocator, no thread-local memory, and no `memcpy()`: the C library
//! chooses among several when it starts. Hence those in here, which serve the whole program.

#![allow(unsafe_code)]

use route::{
    command,
    kernel::Inet, //
};
use std::{
    arch::global_asm,
    ffi::{
        c_char,
        CStr, //
    },
    mem::ManuallyDrop,
};

global_asm!(
    // The stack holds argc, argv and what is behind them; %rdx what is to be called at the end.
    ".globl route_start",
    "route_start:",
    "   mov %rsp, %rbx",
    "   mov %rdx, %r12",
    "   mov %rsp, %rdi",
    "   call {early}",
    "   test %al, %al",
    "   jz 2f",
    "   mov $231, %eax", // exit_group(0)
    "   xor %edi, %edi",
    "   syscall",
    "2: mov %rbx, %rsp",
    "   mov %r12, %rdx",
    "   jmp _start",
    //
    ".globl memcpy, memmove, memset, memcmp, bcmp, strlen",
    "memcpy:",
    "memmove:",
    "   mov %rdi, %rax",
    "   mov %rdx, %rcx",
    "   mov %rdi, %r8",
    "   sub %rsi, %r8",
    "   cmp %rdx, %r8",
    "   jb 2f",
    "   rep movsb",
    "   ret",
    // The target begins within the source.
    "2: lea -1(%rsi, %rcx), %rsi",
    "   lea -1(%rdi, %rcx), %rdi",
    "   std",
    "   rep movsb",
    "   cld",
    "   ret",
    "memset:",
    "   mov %rdi, %r8",
    "   mov %esi, %eax",
    "   mov %rdx, %rcx",
    "   rep stosb",
    "   mov %r8, %rax",
    "   ret",
    "memcmp:",
    "bcmp:",
    "   mov %rdx, %rcx",
    "   xor %eax, %eax",
    "   repe cmpsb",
    "   je 2f",
    "   movzbl -1(%rdi), %eax",
    "   movzbl -1(%rsi), %ecx",
    "   sub %ecx, %eax",
    "2: ret",
    "strlen:",
    "   xor %eax, %eax",
    "   mov $-1, %rcx",
    "   repne scasb",
    "   not %rcx",
    "   lea -1(%rcx), %rax",
    "   ret",
    early = sym early,
    options(att_syntax)
);

/// Makes the change that the command line asks for. Returns whether that was all.
///
/// If it was not, nothing has come of it, and it is done again from the start: what the kernel has
/// refused once it will refuse again, and by then it can be said why.
///
/// # Safety
///
/// `stack` is the stack as the kernel hands it to a program.
unsafe extern "C" fn early(stack: *const usize) -> bool {
    // SAFETY: The first word is the number of arguments. Behind it are so many pointers to strings
    // that end with a zero.
    let words = unsafe {
        let arguments: *const *const c_char = stack.add(1).cast();
        (1..*stack).map(move |at| CStr::from_ptr(*arguments.add(at)).to_bytes())
    };
    let Some((change, route)) = command::plain_change(words) else {
        return false;
    };
    // Left open: close() is the C library's, and of some versions asks for thread-local memory. The
    // end of the process closes it as well.
    Inet::open()
        .map(ManuallyDrop::new)
        .and_then(|kernel| kernel.change(change, &route))
        .is_ok()
}
