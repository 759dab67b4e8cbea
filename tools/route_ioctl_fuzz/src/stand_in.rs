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

/// `struct in6_rtmsg`, of which the C library's keeps its fields to itself. The layouts differ by
/// what an `unsigned long` is.
#[allow(dead_code)]
#[repr(C)]
pub struct Rtmsg<Ulong> {
    pub rtmsg_dst: libc::in6_addr,
    pub rtmsg_src: libc::in6_addr,
    pub rtmsg_gateway: libc::in6_addr,
    pub rtmsg_type: u32,
    pub rtmsg_dst_len: u16,
    pub rtmsg_src_len: u16,
    pub rtmsg_metric: u32,
    pub rtmsg_info: Ulong,
    pub rtmsg_flags: u32,
    pub rtmsg_ifindex: i32,
}

/// As `include/net/compat.h` has it.
#[allow(non_camel_case_types)]
pub type compat_in6_rtmsg = Rtmsg<u32>;

/// What bindgen makes of the kernel's headers.
#[allow(non_upper_case_globals)]
pub mod bindings {
    pub const rt_class_t_RT_TABLE_UNSPEC: u32 = libc::RT_TABLE_UNSPEC as u32;
    pub const rt_class_t_RT_TABLE_DEFAULT: u32 = libc::RT_TABLE_DEFAULT as u32;
    pub const rt_class_t_RT_TABLE_MAIN: u32 = libc::RT_TABLE_MAIN as u32;
    pub const rt_class_t_RT_TABLE_LOCAL: u32 = libc::RT_TABLE_LOCAL as u32;
    pub const RTN_UNSPEC: u32 = libc::RTN_UNSPEC as u32;
    pub const RTN_UNICAST: u32 = libc::RTN_UNICAST as u32;
    pub const RTN_BROADCAST: u32 = libc::RTN_BROADCAST as u32;
    pub const RTN_MULTICAST: u32 = libc::RTN_MULTICAST as u32;
    pub const RTN_BLACKHOLE: u32 = libc::RTN_BLACKHOLE as u32;
    pub const RTN_UNREACHABLE: u32 = libc::RTN_UNREACHABLE as u32;
    pub const __RTN_MAX: u32 = libc::RTN_XRESOLVE as u32 + 1;
    pub const rt_scope_t_RT_SCOPE_UNIVERSE: u32 = libc::RT_SCOPE_UNIVERSE as u32;
    pub const rt_scope_t_RT_SCOPE_LINK: u32 = libc::RT_SCOPE_LINK as u32;
    pub const rt_scope_t_RT_SCOPE_HOST: u32 = libc::RT_SCOPE_HOST as u32;
    pub const rt_scope_t_RT_SCOPE_NOWHERE: u32 = libc::RT_SCOPE_NOWHERE as u32;
    pub const RTPROT_UNSPEC: u32 = libc::RTPROT_UNSPEC as u32;
    pub const RTPROT_BOOT: u32 = libc::RTPROT_BOOT as u32;
    pub const RTPROT_STATIC: u32 = libc::RTPROT_STATIC as u32;
    pub const RTF_CACHE: u32 = libc::RTF_CACHE;
    pub const RTF_EXPIRES: u32 = 0x0040_0000;
    pub const RTF_GATEWAY: u32 = libc::RTF_GATEWAY as u32;
    pub const RTF_REJECT: u32 = libc::RTF_REJECT as u32;
}

pub mod uapi {
    pub use libc::rtentry;

    #[allow(non_camel_case_types)]
    pub type in6_rtmsg = super::Rtmsg<libc::c_ulong>;

    pub const IP6_RT_PRIO_USER: u32 = 1024;
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
