// SPDX-License-Identifier: GPL-2.0

//! Trees that readers walk under RCU while one writer changes them.
//!
//! A node is a leaf, an array of numbers, or a branch, an array of slots, each of which may own
//! another node. All that a writer publishes is a whole: one pointer leads to it. What it replaces
//! is freed after a grace period.
//!
//! What the nodes mean is up to the user. Two bits of the user's go with each pointer, 32 with each
//! node.
//!
//! C header: [`include/linux/rcupdate.h`](srctree/include/linux/rcupdate.h)
//!
//! # Examples
//!
//! ```
//! use kernel::sync::{
//!     rcu,
//!     rcu_tree::{Branch, Exclusive, Leaf, Node, Reader, Root},
//! };
//!
//! struct Writer(());
//! // SAFETY: This is the only place where there is one.
//! unsafe impl Exclusive for Writer {}
//!
//! let mut writer = Writer(());
//! let root = Root::<Writer>::default();
//!
//! // A branch of two slots, of which the second leads to a leaf.
//! let leaf = Leaf::new(0, 7, 1, GFP_KERNEL)?;
//! leaf.cells().first().ok_or(EINVAL)?.set(42);
//! let mut branch = Branch::<Writer>::new(0, 0, 2, GFP_KERNEL)?;
//! branch.hang(1, leaf);
//! root.edit(&mut writer).publish(Some(branch));
//!
//! let guard = rcu::read_lock();
//! let reader = Reader::rcu(&guard);
//! let Node::Branch(branch) = root.read(reader) else {
//!     return Err(EINVAL);
//! };
//! let [empty, full] = branch.body else {
//!     return Err(EINVAL);
//! };
//! assert!(matches!(empty.read(reader), Node::Empty));
//! assert!(matches!(full.read(reader),
//!     Node::Leaf(leaf) if leaf.head == 7 && leaf.body.iter().all(|cell| cell.load() == 42)));
//! # Ok::<(), Error>(())
//! ```

use super::{
    atomic::{
        Atomic,
        Release, //
    },
    once::{
        read_once,
        write_once, //
    },
    rcu,
    rcu_block::{
        self,
        Header,
        Memory, //
    }, //
};
use crate::{
    alloc::{
        AllocError,
        Flags, //
    },
    prelude::*,
    types::NotThreadSafe, //
};
use core::{
    cell::UnsafeCell,
    marker::PhantomData,
    mem::ManuallyDrop,
    ptr::{
        self,
        NonNull, //
    }, //
};

pub use rcu_block::prepare;

/// Evidence that nobody else changes any of the trees whose [`Root`] names it: that a lock is held,
/// for example.
///
/// # Safety
///
/// While a value of the type exists, no other does.
pub unsafe trait Exclusive {}

/// Evidence that nothing that is found in a tree of `W`'s is freed as long as a reference to this
/// lives.
///
/// # Invariants
///
/// Within the lifetime of a reference the current task is in an RCU read-side critical section, or
/// what `W` stands for is held and nothing is changed by it.
pub struct Reader<W>(PhantomData<fn(W)>, NotThreadSafe);

impl<W> Reader<W> {
    const NEW: Self = Self(PhantomData, NotThreadSafe);

    /// What is found in an RCU read-side critical section stays until its end.
    #[inline]
    pub fn rcu(_: &rcu::Guard) -> &Self {
        // INVARIANT: The guard is borrowed as long.
        &const { Self::NEW }
    }

    /// What is found by the only writer stays until that changes something.
    #[inline]
    pub fn writer(_: &W) -> &Self
    where
        W: Exclusive,
    {
        // INVARIANT: Whoever changes something borrows the evidence for that alone.
        &const { Self::NEW }
    }

    /// Runs `f` in a critical section that C has begun already.
    ///
    /// # Safety
    ///
    /// This must be called in an RCU read-side critical section that ends after it returns; or else
    /// what `W` stands for must be held, and nothing be changed by it until then.
    #[inline]
    pub unsafe fn assume<R>(f: impl FnOnce(&Self) -> R) -> R {
        // INVARIANT: By the contract of this function. `f` cannot keep what it is lent.
        f(&Self::NEW)
    }
}

/// A number in a leaf, which a writer stores while readers load it.
#[repr(transparent)]
pub struct Cell(UnsafeCell<u32>);

// SAFETY: It is accessed by marked accesses of one size alone, which do not race.
unsafe impl Sync for Cell {}

// SAFETY: Zero is a number.
unsafe impl Zeroable for Cell {}

impl Cell {
    /// Loads the number, once. What is found by way of it comes after.
    #[inline]
    pub fn load(&self) -> u32 {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { read_once(self.0.get()) }
    }

    /// Stores a number. Who finds it finds all that was written before.
    #[inline]
    pub fn store(&self, value: u32) {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { Atomic::from_ptr(self.0.get()) }.store(value, Release);
    }

    /// Stores a number where no reader is yet.
    #[inline]
    pub fn set(&self, value: u32) {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { write_once(self.0.get(), value) };
    }
}

/// A pointer to a node, or none. Of a branch, its lowest bit is set; the next two are the user's.
///
/// # Invariants
///
/// Without these bits it is null, or that of a block: of [`Pointer`] if the lowest is set, or else
/// of [`Cell`].
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tagged(*mut Header);

impl Tagged {
    const NONE: Self = Self(ptr::null_mut());

    fn leaf(tag: u8, block: rcu_block::Block<Cell>) -> Self {
        // INVARIANT: The lowest bit is not set.
        Self::new(0, tag, block.as_ptr())
    }

    fn branch(tag: u8, block: rcu_block::Block<Pointer>) -> Self {
        // INVARIANT: The lowest bit is set.
        Self::new(1, tag, block.as_ptr())
    }

    fn new(bit: usize, tag: u8, block: NonNull<Header>) -> Self {
        // The lowest three bits of a block's address are zero.
        let bits = usize::from(tag & 3) << 1 | bit;

        Self(block.as_ptr().map_addr(|addr| addr | bits))
    }

    #[inline]
    fn is_branch(self) -> bool {
        self.0.addr() & 1 != 0
    }

    #[inline]
    fn tag(self) -> u8 {
        // CAST: Two bits are kept.
        (self.0.addr() >> 1 & 3) as u8
    }

    #[inline]
    fn header(self) -> Option<NonNull<Header>> {
        NonNull::new(self.0.map_addr(|addr| addr & !7))
    }

    fn memory(self) -> Option<Memory> {
        // SAFETY: By the type invariant.
        self.header().map(|it| unsafe { Memory::from_ptr(it) })
    }

    /// # Safety
    ///
    /// If it is a node, it must not be freed within `'a`, and its block be one of `T`.
    #[inline]
    unsafe fn read<'a, T>(self) -> Option<Block<'a, T>> {
        let header = self.header()?;

        // SAFETY: By the contract of this function.
        unsafe {
            let block = rcu_block::Block::from_ptr(header);
            Some(Block {
                tag: self.tag(),
                head: block.head(),
                body: block.body(),
            })
        }
    }

    /// # Safety
    ///
    /// If it is a node, it must not be freed within `'a`.
    #[inline]
    unsafe fn node<'a, W>(self) -> Node<'a, W> {
        // SAFETY: By the contract of this function and the type invariant. `Slot` is transparent.
        unsafe {
            if self.is_branch() {
                self.read().map_or(Node::Empty, Node::Branch)
            } else {
                self.read().map_or(Node::Empty, Node::Leaf)
            }
        }
    }

    /// Puts the node, if it is one, before a list of nodes.
    ///
    /// # Safety
    ///
    /// The caller must own it.
    unsafe fn push(self, list: &mut Tagged) {
        if let Some(memory) = self.memory() {
            // SAFETY: Nobody but the owner uses the link.
            unsafe { memory.link().write(list.0) };
            *list = self;
        }
    }

    /// Gives this, if it is a node, and all nodes below to `free`.
    ///
    /// # Safety
    ///
    /// The caller must own them, and have what `free` asks for.
    unsafe fn dispose(self, free: unsafe fn(Memory)) {
        let mut list = Self::NONE;

        // SAFETY: A node owns what is below it. It is there until it is given away. What is read of
        // a link is what was written to it.
        unsafe {
            self.push(&mut list);
            while let Some(memory) = list.memory() {
                let node = list;
                list = Self(memory.link().read());
                if node.is_branch() {
                    if let Some(branch) = node.read::<Pointer>() {
                        let below = branch.body.iter().map(Pointer::load);
                        below.for_each(|node| node.push(&mut list));
                    }
                }
                free(memory);
            }
        }
    }
}

/// Where a pointer to a node is.
#[repr(transparent)]
struct Pointer(UnsafeCell<*mut Header>);

// SAFETY: It is accessed by marked accesses of one size alone, which do not race. Nodes belong to
// no thread.
unsafe impl Sync for Pointer {}

// SAFETY: As above.
unsafe impl Send for Pointer {}

// SAFETY: Zero is no node.
unsafe impl Zeroable for Pointer {}

impl Pointer {
    /// Loads the pointer, once, as by `rcu_dereference()`.
    #[inline]
    fn load(&self) -> Tagged {
        // INVARIANT: `store()` has stored it, or it is none.
        //
        // SAFETY: It is valid. The other accesses are marked as well.
        Tagged(unsafe { read_once(self.0.get()) })
    }

    /// Stores a pointer, as by `rcu_assign_pointer()`.
    fn store(&self, node: Tagged) {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { Atomic::from_ptr(self.0.get()) }.store(node.0, Release);
    }
}

/// What leads to a node of a tree of `W`'s, or to none.
///
/// # Invariants
///
/// It owns the node, which is not freed before the last reader that may have found it here.
#[repr(transparent)]
pub struct Slot<W>(Pointer, PhantomData<fn(W)>);

impl<W> Slot<W> {
    /// Returns the node that this leads to.
    #[inline]
    pub fn read<'a>(&'a self, _: &'a Reader<W>) -> Node<'a, W> {
        // SAFETY: By the type invariant, and that of `Reader`.
        unsafe { self.0.load().node() }
    }
}

/// A node to read.
pub enum Node<'a, W> {
    /// There is none.
    Empty,
    /// An array of numbers.
    Leaf(Block<'a, Cell>),
    /// An array of slots.
    Branch(Block<'a, Slot<W>>),
}

/// What a node is made of.
pub struct Block<'a, T> {
    /// What goes with the pointer: two bits.
    pub tag: u8,
    /// What goes with the node.
    pub head: u32,
    /// The array.
    pub body: &'a [T],
}

/// A node that no reader has seen, with all below it.
///
/// # Invariants
///
/// It owns the node, whose block is one of `T`.
pub struct Fresh<T>(Tagged, PhantomData<T>);

/// A leaf that no reader has seen.
pub type Leaf = Fresh<Cell>;
/// A branch that no reader has seen.
pub type Branch<W> = Fresh<Slot<W>>;

impl<T> Fresh<T> {
    fn into_inner(self) -> Tagged {
        ManuallyDrop::new(self).0
    }

    fn body(&self) -> &[T] {
        // SAFETY: By the type invariant, it is there until this is dropped, and one of `T`.
        unsafe { self.0.read() }.map_or(&[], |block| block.body)
    }
}

impl<T> Drop for Fresh<T> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this is the owner, and no reader has seen it.
        unsafe { self.0.dispose(|memory| memory.free()) };
    }
}

impl Leaf {
    /// Allocates a leaf of zeroes. Two bits of `tag` are kept.
    pub fn new(tag: u8, head: u32, len: usize, flags: Flags) -> Result<Self, AllocError> {
        let block = rcu_block::Block::allocate(len, head, flags)?;

        // INVARIANT: It has just been allocated.
        Ok(Self(Tagged::leaf(tag, block), PhantomData))
    }

    /// Returns the array.
    pub fn cells(&self) -> &[Cell] {
        self.body()
    }
}

impl<W> Branch<W> {
    /// Allocates a branch of empty slots. Two bits of `tag` are kept.
    pub fn new(tag: u8, head: u32, len: usize, flags: Flags) -> Result<Self, AllocError> {
        let block = rcu_block::Block::allocate(len, head, flags)?;

        // INVARIANT: It has just been allocated. `Slot` is transparent.
        Ok(Self(Tagged::branch(tag, block), PhantomData))
    }

    /// Puts a node into an empty slot. If there is no such slot, the node is dropped.
    pub fn hang<T>(&mut self, slot: usize, child: Fresh<T>) {
        if let Some(slot) = self.body().get(slot) {
            if slot.0.load() == Tagged::NONE {
                // INVARIANT: From here on, the slot owns the node.
                slot.0.store(child.into_inner());
            }
        }
    }
}

/// Where a tree begins. `W` is the evidence by which it is changed.
pub struct Root<W: Exclusive>(Slot<W>);

impl<W: Exclusive> Default for Root<W> {
    fn default() -> Self {
        // INVARIANT: There is no node.
        Self(Slot(Pointer(UnsafeCell::new(ptr::null_mut())), PhantomData))
    }
}

impl<W: Exclusive> Root<W> {
    /// Returns the topmost node.
    #[inline]
    pub fn read<'a>(&'a self, reader: &'a Reader<W>) -> Node<'a, W> {
        self.0.read(reader)
    }

    /// Begins a change, at the topmost node.
    pub fn edit<'w>(&'w self, _: &'w mut W) -> Cursor<'w, W> {
        // INVARIANT: The slot is there as long as the root. There is one writer, who cannot begin
        // another change meanwhile.
        Cursor {
            slot: NonNull::from(&self.0),
            _writer: PhantomData,
        }
    }
}

impl<W: Exclusive> Drop for Root<W> {
    fn drop(&mut self) {
        // SAFETY: The slot is the owner. What readers find borrows from the root, so there are
        // none.
        unsafe { self.0 .0.load().dispose(|memory| memory.free()) };
    }
}

/// A place in a tree that is being changed.
///
/// # Invariants
///
/// `slot` is the root's, or lies in a branch below it, which this could free only by way of a slot
/// above. It never goes back to one.
pub struct Cursor<'w, W> {
    slot: NonNull<Slot<W>>,
    _writer: PhantomData<&'w mut Slot<W>>,
}

impl<W> Cursor<'_, W> {
    fn pointer(&self) -> &Pointer {
        // SAFETY: By the type invariant, it is there.
        &unsafe { self.slot.as_ref() }.0
    }

    /// Returns the node here.
    pub fn node(&self) -> Node<'_, W> {
        // SAFETY: Nobody but this could free it, and this is borrowed.
        unsafe { self.pointer().load().node() }
    }

    /// Returns the node that a slot of a branch leads to.
    pub fn peek<'a>(&'a self, slot: &'a Slot<W>) -> Node<'a, W> {
        // SAFETY: Slots are found in branches, by evidence that these and what is below are not
        // freed as long as the slot is borrowed: that of a `Reader`, or this cursor.
        unsafe { slot.0.load().node() }
    }

    /// Goes to a slot of the branch here. If there is none, stays, and returns false.
    pub fn descend(&mut self, slot: usize) -> bool {
        let below = match self.node() {
            Node::Branch(branch) => branch.body.get(slot).map(NonNull::from),
            _ => None,
        };

        if let Some(below) = below {
            // INVARIANT: It lies in a branch below the slot where this was.
            self.slot = below;
        }
        below.is_some()
    }

    fn replace(&mut self, node: Tagged) {
        let old = self.pointer().load();

        self.pointer().store(node);
        // SAFETY: The slot was the owner. Nobody can find it any more.
        unsafe { old.dispose(|memory| memory.free_after_readers()) };
    }

    /// Replaces the node here. Readers find the old one or the new one, each with all below it. The
    /// old one is freed after its last reader, without waiting for that.
    pub fn publish<T>(&mut self, node: Option<Fresh<T>>) {
        self.replace(node.map_or(Tagged::NONE, Fresh::into_inner));
    }
}
