// SPDX-License-Identifier: GPL-2.0

//! What the code under test uses of the kernel: its own files where they need no kernel, and as
//! little as will do in place of the others.

pub mod prelude {
    pub use core::ffi::CStr;
    pub use zerocopy::FromBytes;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Error(pub i32);

    pub type Result<T = (), E = Error> = core::result::Result<T, E>;

    pub const EAFNOSUPPORT: Error = Error(libc::EAFNOSUPPORT);
    pub const EFAULT: Error = Error(libc::EFAULT);
    pub const EINVAL: Error = Error(libc::EINVAL);
}

/// As `include/net/compat.h` has it.
#[allow(dead_code, non_camel_case_types)]
#[repr(C)]
pub struct compat_rtentry {
    rt_pad1: u32,
    pub rt_dst: libc::sockaddr,
    pub rt_gateway: libc::sockaddr,
    pub rt_genmask: libc::sockaddr,
    pub rt_flags: u16,
    rt_pad2: i16,
    rt_pad3: u32,
    rt_tos: u8,
    rt_class: u8,
    rt_pad4: i16,
    pub rt_metric: i16,
    pub rt_dev: u32,
    pub rt_mtu: u32,
    pub rt_window: u32,
    pub rt_irtt: u16,
}

pub mod uapi {
    pub use libc::rtentry;

    pub const IFNAMSIZ: u32 = libc::IFNAMSIZ as u32;
    pub const AF_INET: u32 = libc::AF_INET as u32;
    pub const RTF_GATEWAY: u32 = libc::RTF_GATEWAY as u32;
    pub const RTF_HOST: u32 = libc::RTF_HOST as u32;
    pub const RTF_IRTT: u32 = libc::RTF_IRTT as u32;
    pub const RTF_MTU: u32 = libc::RTF_MTU as u32;
    pub const RTF_REJECT: u32 = libc::RTF_REJECT as u32;
    pub const RTF_WINDOW: u32 = libc::RTF_WINDOW as u32;
}

/// User memory: what lies where, and what of it has been read.
pub mod uaccess {
    use super::prelude::*;
    use std::cell::RefCell;

    /// Addresses, and the bytes from there on.
    pub type Memory = Vec<(usize, Vec<u8>)>;
    /// Addresses and lengths, in the order of the reads.
    pub type Reads = Vec<(usize, usize)>;

    thread_local! {
        static MEMORY: RefCell<(Memory, Reads)> = RefCell::default();
    }

    pub fn set_memory(memory: Memory) {
        MEMORY.set((memory, Reads::new()));
    }

    pub fn take_reads() -> Reads {
        MEMORY.take().1
    }

    #[derive(Clone, Copy)]
    pub struct UserPtr(usize);

    impl UserPtr {
        pub fn from_addr(address: usize) -> Self {
            Self(address)
        }

        pub fn wrapping_byte_add(self, add: usize) -> Self {
            Self(self.0.wrapping_add(add))
        }
    }

    /// Of the kernel's, all that the code under test does: read all of it, at once.
    pub struct UserSlice(usize, usize);

    impl UserSlice {
        pub fn new(ptr: UserPtr, length: usize) -> Self {
            Self(ptr.0, length)
        }

        pub fn reader(self) -> Self {
            self
        }

        pub fn read<const LEN: usize>(&mut self) -> Result<[u8; LEN]> {
            let Self(start, length) = *self;
            assert_eq!(length, LEN);
            MEMORY.with_borrow_mut(|(memory, reads)| {
                reads.push((start, length));
                memory
                    .iter()
                    .find_map(|(address, bytes)| {
                        let offset = start.checked_sub(*address)?;
                        bytes.get(offset..offset.checked_add(LEN)?)?.try_into().ok()
                    })
                    .ok_or(EFAULT)
            })
        }
    }
}
