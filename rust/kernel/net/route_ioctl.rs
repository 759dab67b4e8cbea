// SPDX-License-Identifier: GPL-2.0

//! Serving the IPv4 routing ioctls.
//!
//! C header: [`include/net/route_ioctl.h`](srctree/include/net/route_ioctl.h)

use crate::{
    bindings,
    error::to_result,
    ffi::{
        c_int,
        c_uint,
        c_void, //
    },
    module::{
        this_module,
        ModuleMetadata, //
    },
    net::namespace::Namespace,
    prelude::*,
    uaccess::UserPtr, //
};
use core::marker::PhantomData;

#[cfg(CONFIG_COMPAT)]
pub use crate::bindings::compat_rtentry;

/// What a routing ioctl asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `SIOCADDRT`: add a route.
    Add,
    /// `SIOCDELRT`: delete a route.
    Delete,
}

impl Command {
    #[inline]
    fn from_raw(cmd: c_uint) -> Option<Self> {
        match cmd {
            bindings::SIOCADDRT => Some(Self::Add),
            bindings::SIOCDELRT => Some(Self::Delete),
            _ => None,
        }
    }
}

/// How the caller laid out the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `struct rtentry`, as the kernel itself would.
    Native,
    /// `struct compat_rtentry`: a 32-bit caller on a 64-bit kernel.
    #[cfg(CONFIG_COMPAT)]
    Compat,
}

impl Layout {
    #[cfg(CONFIG_COMPAT)]
    fn new(compat: bool) -> Self {
        if compat {
            Self::Compat
        } else {
            Self::Native
        }
    }

    /// This kernel runs no 32-bit programs.
    #[cfg(not(CONFIG_COMPAT))]
    fn new(_: bool) -> Self {
        Self::Native
    }
}

/// Who serves the routing ioctls.
pub trait RouteIoctl {
    /// The module that [`Self::ioctl()`] is part of: `crate::LocalModule`. It cannot be unloaded
    /// while a call is being served.
    type OwnerModule: ModuleMetadata;

    /// Serves one call.
    ///
    /// `net` is the namespace of the socket that the call was made on. `arg` is what user space
    /// passed, not checked in any way. Nor are the caller's capabilities.
    ///
    /// Runs in process context without locks and may sleep. The [`Registration`] is not gone before
    /// this returns.
    ///
    /// [`ENOIOCTLCMD`] leaves the call to the C code. Any other result is the caller's.
    fn ioctl(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result;
}

/// Evidence that `T` is registered to serve the routing ioctls.
///
/// Until it is dropped, the kernel's C code does not see a call; from then on, it does again.
/// Registering may sleep. So may dropping, for as long as `T` takes to serve the calls that have
/// reached it: there must be no lock held that they take, such as RTNL. When the module is
/// unloaded, there are no such calls.
///
/// One that is forgotten ends with a warning when its module is unloaded.
///
/// # Invariants
///
/// `provider` is registered.
///
/// # Examples
///
/// ```
/// use kernel::{
///     net::{
///         namespace::Namespace,
///         route_ioctl::{
///             Command,
///             Layout,
///             Registration,
///             RouteIoctl, //
///         }, //
///     },
///     uaccess::UserPtr, //
/// };
///
/// struct Nobody;
///
/// impl RouteIoctl for Nobody {
///     type OwnerModule = LocalModule;
///
///     fn ioctl(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
///         Err(EPERM)
///     }
/// }
///
/// # struct LocalModule;
/// # impl kernel::module::ModuleMetadata for LocalModule {
/// #     const NAME: &'static CStr = c"kernel";
/// #     // SAFETY: This is not part of a module.
/// #     const THIS_MODULE: ThisModule = unsafe { ThisModule::from_ptr(core::ptr::null_mut()) };
/// # }
/// // There is at most one provider.
/// let first = Registration::<Nobody>::new();
/// # // One that is built in was first.
/// # let built_in = cfg!(CONFIG_ROUTE_IOCTL_RUST = "y");
/// # assert_eq!(first.is_err(), built_in);
/// assert_eq!(Registration::<Nobody>::new().err(), Some(EBUSY));
/// drop(first);
/// # if !built_in {
/// drop(Registration::<Nobody>::new()?);
/// # }
/// # Ok::<(), Error>(())
/// ```
#[must_use = "the provider is unregistered immediately when the registration is unused"]
pub struct Registration<T: RouteIoctl> {
    provider: &'static bindings::route_ioctl_provider,
    _provider: PhantomData<T>,
}

// SAFETY: A provider may be unregistered by any thread, and `T` is never owned.
unsafe impl<T: RouteIoctl> Send for Registration<T> {}

// SAFETY: A shared reference gives access to nothing.
unsafe impl<T: RouteIoctl> Sync for Registration<T> {}

impl<T: RouteIoctl> Registration<T> {
    const PROVIDER: &'static bindings::route_ioctl_provider = &bindings::route_ioctl_provider {
        owner: this_module::<T::OwnerModule>().as_ptr(),
        ioctl: Some(Self::ioctl),
    };

    /// Registers `T`.
    ///
    /// Wraps `route_ioctl_register()`.
    ///
    /// # Errors
    ///
    /// - [`EBUSY`]: there is a provider already.
    pub fn new() -> Result<Self> {
        // Each use of a constant may be at another address, and it is by this one that C will know
        // the provider.
        let provider = Self::PROVIDER;

        // SAFETY: The provider is there as long as the code of its module, at the end of which C
        // unregisters it if `Drop` has not.
        to_result(unsafe { bindings::route_ioctl_register(provider) })?;

        // INVARIANT: It was just registered.
        Ok(Self {
            provider,
            _provider: PhantomData,
        })
    }

    /// # Safety
    ///
    /// `net` must be a live network namespace.
    unsafe extern "C" fn ioctl(
        net: *mut bindings::net,
        cmd: c_uint,
        arg: *mut c_void,
        compat: bool,
    ) -> c_int {
        let Some(command) = Command::from_raw(cmd) else {
            return ENOIOCTLCMD.to_errno();
        };
        // SAFETY: The socket that the call was made on holds a reference to its namespace.
        let net = unsafe { Namespace::from_ptr(net) };

        match T::ioctl(net, command, UserPtr::from_ptr(arg), Layout::new(compat)) {
            Ok(()) => 0,
            Err(error) => error.to_errno(),
        }
    }
}

impl<T: RouteIoctl> Drop for Registration<T> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant, it is registered.
        unsafe { bindings::route_ioctl_unregister(self.provider) };
    }
}
