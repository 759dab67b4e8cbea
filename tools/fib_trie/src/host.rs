// SPDX-License-Identifier: GPL-2.0

//! Memory and RCU of the host: what in the kernel is kmalloc(), kfree_rcu() and rcu_read_lock().
//!
//! Every block has a header with the number of its cells or slots: a pointer to a block is one word,
//! and its three lowest bits tell what it is. It is counted as what it takes in the kernel, where what
//! frees it after a grace period is in it as well.
//!
//! A grace period ends when nobody reads. That is not how RCU is made, but no less than it promises.

use crate::trie::{
    self,
    Block,
    Fresh,
    Node, //
};
use std::{
    alloc::Layout,
    cell::Cell as Plain,
    marker::PhantomData,
    mem,
    ptr, //
};

#[cfg(feature = "loom")]
use loom::sync::{
    atomic::{
        fence,
        AtomicBool,
        AtomicPtr,
        AtomicU32,
        AtomicUsize,
        Ordering, //
    },
    Mutex, //
};
#[cfg(not(feature = "loom"))]
use std::sync::{
    atomic::{
        fence,
        AtomicBool,
        AtomicPtr,
        AtomicU32,
        AtomicUsize,
        Ordering, //
    },
    Mutex, //
};

#[cfg(feature = "loom")]
loom::lazy_static! {
    static ref READERS: AtomicUsize = AtomicUsize::new(0);
    static ref RETIRED: Mutex<Vec<Retired>> = Mutex::new(Vec::new());
}
#[cfg(not(feature = "loom"))]
static READERS: AtomicUsize = AtomicUsize::new(0);
#[cfg(not(feature = "loom"))]
static RETIRED: Mutex<Vec<Retired>> = Mutex::new(Vec::new());

thread_local! {
    static USED: Plain<Usage> = const { Plain::new(Usage { blocks: 0, exact: 0, kmalloc: 0 }) };
}

/// The memory that this thread has allocated and not freed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub blocks: isize,
    /// In bytes, as asked for.
    pub exact: isize,
    /// In bytes, as kmalloc() would give them.
    pub kmalloc: isize,
}

impl Usage {
    pub fn now() -> Self {
        USED.get()
    }

    fn count(size: usize, sign: isize) {
        let Self {
            blocks,
            exact,
            kmalloc,
        } = USED.get();
        USED.set(Self {
            blocks: blocks + sign,
            exact: exact + sign * size as isize,
            kmalloc: kmalloc + sign * kmalloc_size(size) as isize,
        });
    }
}

/// The header of a block in the kernel.
const HEADER: usize = 16;

/// What the kernel takes for an object: kmalloc(), or for the size of a page or a branch, a slab of
/// its own, where 15 share 32 KiB.
pub fn kmalloc_size(size: usize) -> usize {
    match size {
        2064..=2072 => (32 << 10) / 15,
        0..=8 => 8,
        65..=96 => 96,
        129..=192 => 192,
        _ => size.next_power_of_two(),
    }
}

/// The context of allocations: how many succeed.
pub struct Host {
    left: Plain<usize>,
}

impl Host {
    pub fn new() -> Self {
        Self::failing_after(usize::MAX)
    }

    /// All but the first `count` allocations fail.
    pub fn failing_after(count: usize) -> Self {
        Self {
            left: Plain::new(count),
        }
    }

    fn take(&self) -> Result<(), OutOfMemory> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left == 0 {
            return Err(OutOfMemory);
        }
        Ok(())
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

pub struct Cell(AtomicU32);

impl trie::Cell for Cell {
    #[inline]
    fn load(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    fn store(&self, value: u32) {
        self.0.store(value, Ordering::Release);
    }
}

/// The start of every block. Its cells or slots follow.
#[repr(C, align(8))]
struct Header {
    len: u32,
    head: u32,
    /// Loom finds whoever reads what has been freed.
    #[cfg(feature = "loom")]
    freed: loom::cell::UnsafeCell<()>,
}

/// A pointer to a block. Of a branch, its lowest bit is set; the next two are the trie's.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tagged(*mut Header);

impl Tagged {
    const NONE: Self = Self(ptr::null_mut());

    #[inline]
    fn is_branch(self) -> bool {
        self.0.addr() & 1 != 0
    }

    #[inline]
    fn header(self) -> *mut Header {
        self.0.map_addr(|addr| addr & !7)
    }

    fn new<T>(tag: usize, head: u32, len: usize, make: impl Fn() -> T) -> Self {
        let (layout, offset) = layout::<T>(len);
        // SAFETY: The layout is not empty.
        let start = unsafe { std::alloc::alloc(layout) };
        if start.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        let header = start.cast::<Header>();
        // SAFETY: The block is new, and as large as the layout says.
        unsafe {
            header.write(Header {
                len: len.try_into().unwrap(),
                head,
                #[cfg(feature = "loom")]
                freed: loom::cell::UnsafeCell::new(()),
            });
            for at in 0..len {
                start.add(offset).cast::<T>().add(at).write(make());
            }
        }
        Usage::count(HEADER + len * mem::size_of::<T>(), 1);
        Self(header.map_addr(|addr| addr | tag))
    }

    /// # Safety
    ///
    /// This is a block of `T` that is not freed within `'a`.
    #[inline]
    unsafe fn block<'a, T>(self) -> Block<'a, T> {
        let header = self.header();
        // SAFETY: The header is followed by so many.
        unsafe {
            #[cfg(feature = "loom")]
            (*header).freed.with(|_| ());
            let offset = layout::<T>(0).1;
            Block {
                tag: (self.0.addr() >> 1 & 3) as u8,
                head: (*header).head,
                body: std::slice::from_raw_parts(
                    header.byte_add(offset).cast(),
                    (*header).len as usize,
                ),
            }
        }
    }

    /// # Safety
    ///
    /// This is none, or a block that is not freed within `'a`.
    #[inline]
    unsafe fn node<'a>(self) -> Node<'a, Host> {
        if self.is_branch() {
            // SAFETY: By the tag.
            Node::Branch(unsafe { self.block() })
        } else if self == Self::NONE {
            Node::Empty
        } else {
            // SAFETY: By the tag.
            Node::Leaf(unsafe { self.block() })
        }
    }

    /// Frees the block alone.
    ///
    /// # Safety
    ///
    /// This is a block, and nobody reads it or will.
    unsafe fn free(self) {
        // SAFETY: By the tag, and as above.
        unsafe {
            if self.is_branch() {
                self.free_as::<Slot>()
            } else {
                self.free_as::<Cell>()
            }
        }
    }

    unsafe fn free_as<T>(self) {
        let header = self.header();
        // SAFETY: As in `free()`.
        unsafe {
            #[cfg(feature = "loom")]
            (*header).freed.with_mut(|_| ());
            let body: *const [T] = self.block::<T>().body;
            let len = body.len();
            let layout = layout::<T>(len).0;
            ptr::drop_in_place(body.cast_mut());
            ptr::drop_in_place(header);
            // What is read later is nothing that a node could hold.
            ptr::write_bytes(header.cast::<u8>(), 0xa5, layout.size());
            std::alloc::dealloc(header.cast(), layout);
            Usage::count(HEADER + len * mem::size_of::<T>(), -1);
        }
    }

    /// This and all blocks below, of which none is changed: readers may be there.
    ///
    /// # Safety
    ///
    /// This is none or a block, and its owner lets go of it.
    unsafe fn all(self) -> Vec<Retired> {
        let (mut todo, mut all) = (vec![self], Vec::new());
        while let Some(block) = todo.pop() {
            if block == Self::NONE {
                continue;
            }
            if block.is_branch() {
                // SAFETY: It has not been freed yet.
                let slots = unsafe { block.block::<Slot>() }.body;
                todo.extend(slots.iter().map(Slot::load));
            }
            all.push(Retired(block));
        }
        all
    }
}

fn layout<T>(len: usize) -> (Layout, usize) {
    let (layout, offset) = Layout::new::<Header>()
        .extend(Layout::array::<T>(len).unwrap())
        .unwrap();
    (layout.pad_to_align(), offset)
}

/// A block that nobody can find any more.
struct Retired(Tagged);

// SAFETY: It is nobody's but the owner's.
unsafe impl Send for Retired {}

fn retire(blocks: Vec<Retired>) {
    let mut retired = RETIRED.lock().unwrap();
    retired.extend(blocks);
    // Whoever begins to read from here on finds what was published before.
    fence(Ordering::SeqCst);
    if READERS.load(Ordering::SeqCst) == 0 {
        for block in retired.drain(..) {
            // SAFETY: Nobody reads, and nobody can find it.
            unsafe { block.0.free() };
        }
    }
}

/// Frees what retired while there were readers. To be called when there are none.
pub fn settle() {
    retire(Vec::new());
}

pub struct Slot(AtomicPtr<Header>);

impl Slot {
    fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    #[inline]
    fn load(&self) -> Tagged {
        Tagged(self.0.load(Ordering::Acquire))
    }

    fn store(&self, node: Tagged) {
        self.0.store(node.0, Ordering::Release);
    }
}

/// A slot that owns what is below it, and is changed by one at a time.
pub struct Root {
    slot: Slot,
    editing: AtomicBool,
}

// SAFETY: Blocks are changed by atomics alone, and freed when nobody reads.
unsafe impl Send for Root {}
// SAFETY: As above.
unsafe impl Sync for Root {}

impl Default for Root {
    fn default() -> Self {
        Self {
            slot: Slot::new(),
            editing: AtomicBool::new(false),
        }
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // SAFETY: The root is the owner.
        retire(unsafe { self.slot.load().all() });
    }
}

/// Evidence that this thread reads.
pub struct Guard(PhantomData<*const ()>);

impl Guard {
    pub fn new() -> Self {
        READERS.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        Self(PhantomData)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        READERS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Who changes tables. That there is one at a time for each is checked when it begins.
#[derive(Default)]
pub struct Writer;

/// A block that no reader has seen, with all below it.
pub struct New<T>(Tagged, PhantomData<T>);

impl<T> New<T> {
    fn into_inner(self) -> Tagged {
        mem::ManuallyDrop::new(self).0
    }
}

impl<T> Drop for New<T> {
    fn drop(&mut self) {
        // SAFETY: This is the owner, and nobody else has seen them.
        unsafe { self.0.all().into_iter().for_each(|block| block.0.free()) };
    }
}

fn tagged(fresh: Fresh<Host>) -> Tagged {
    match fresh {
        Fresh::Leaf(leaf) => leaf.into_inner(),
        Fresh::Branch(branch) => branch.into_inner(),
    }
}

impl trie::Memory for Host {
    const FULL: usize = if cfg!(feature = "small") { 7 } else { 59 };
    const TOO_LARGE: OutOfMemory = OutOfMemory;

    type Error = OutOfMemory;
    type Cell = Cell;
    type Leaf = New<Cell>;
    type Branch = New<Slot>;

    fn leaf(&self, tag: u8, head: u32, cells: usize) -> Result<New<Cell>, OutOfMemory> {
        self.take()?;
        let block = Tagged::new(usize::from(tag & 3) << 1, head, cells, || {
            Cell(AtomicU32::new(0))
        });
        Ok(New(block, PhantomData))
    }

    fn branch(&self, tag: u8, head: u32, slots: usize) -> Result<New<Slot>, OutOfMemory> {
        self.take()?;
        let block = Tagged::new(usize::from(tag & 3) << 1 | 1, head, slots, Slot::new);
        Ok(New(block, PhantomData))
    }

    fn cells(leaf: &New<Cell>) -> &[Cell] {
        // SAFETY: It is not freed before it is dropped.
        unsafe { leaf.0.block().body }
    }

    fn hang(branch: &mut New<Slot>, slot: usize, child: Fresh<Self>) {
        // SAFETY: It is not freed before it is dropped.
        let slots: &[Slot] = unsafe { branch.0.block().body };
        if let Some(slot) = slots.get(slot).filter(|slot| slot.load() == Tagged::NONE) {
            slot.store(tagged(child));
        }
    }
}

impl trie::Publication for Host {
    type Root = Root;
    type Slot = Slot;
    type Guard = Guard;
    type Writer = Writer;
    type Cursor<'w> = Cursor<'w>;

    #[inline]
    fn root<'g>(root: &'g Root, guard: &'g Guard) -> Node<'g, Self> {
        Self::read(&root.slot, guard)
    }

    #[inline]
    fn read<'g>(slot: &'g Slot, _: &'g Guard) -> Node<'g, Self> {
        // SAFETY: What is found while the guard exists is freed after that.
        unsafe { slot.load().node() }
    }

    fn edit<'w>(root: &'w Root, _: &'w mut Writer) -> Cursor<'w> {
        assert!(!root.editing.swap(true, Ordering::Acquire), "two writers");
        Cursor {
            root,
            slot: &root.slot,
        }
    }
}

pub struct Cursor<'w> {
    root: &'w Root,
    /// It lies in the root or in a block below it, which only this cursor can free: when it
    /// publishes to a slot above, which it never goes back to.
    slot: *const Slot,
}

impl Cursor<'_> {
    fn slot(&self) -> &Slot {
        // SAFETY: See the field.
        unsafe { &*self.slot }
    }
}

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        self.root.editing.store(false, Ordering::Release);
    }
}

impl trie::Cursor<Host> for Cursor<'_> {
    fn node(&self) -> Node<'_, Host> {
        // SAFETY: Only this cursor could free it, and is borrowed.
        unsafe { self.slot().load().node() }
    }

    fn peek<'a>(&'a self, slot: &'a Slot) -> Node<'a, Host> {
        // SAFETY: A slot is found in a branch that is not freed, which owns what is below it.
        unsafe { slot.load().node() }
    }

    fn descend(&mut self, slot: usize) -> bool {
        if let Node::Branch(branch) = self.node() {
            if let Some(slot) = branch.body.get(slot) {
                self.slot = slot;
                return true;
            }
        }
        false
    }

    fn publish(&mut self, node: Option<Fresh<Host>>) {
        let old = self.slot().load();
        self.slot().store(node.map_or(Tagged::NONE, tagged));
        // SAFETY: The slot was the owner.
        retire(unsafe { old.all() });
    }
}
