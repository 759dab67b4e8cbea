// SPDX-License-Identifier: GPL-2.0

//! What the trie needs of the world: memory that can run out, and pointers that readers follow
//! while a writer changes them.
//!
//! All that is unsafe about either is in what implements these traits. A node is a block: a word
//! of the trie's own and a slice, of cells in a leaf, of slots in a branch. Two bits of the trie's
//! own go with every pointer to it. A slot owns the block that it points to, so the blocks are a
//! tree whatever the trie does, and none can be freed that is still reachable.

/// Thirty-two bits that a writer stores while readers load them.
pub trait Cell {
    /// Loads the value, once. In the kernel `READ_ONCE()`: what the reader finds by way of the
    /// value is ordered after the load by that dependency alone.
    fn load(&self) -> u32;

    /// Stores `value`. All that was written before is seen by readers that load it: in the kernel
    /// `smp_store_release()`.
    fn store(&self, value: u32);

    /// Stores `value` where no reader is yet, or where none needs what was written before.
    fn init(&self, value: u32) {
        self.store(value);
    }
}

/// Where nodes come from. A value is the context of the allocations of one change.
pub trait Memory: Sized {
    /// The most records of a leaf that grows. Tests have less, to see more of what there is.
    const FULL: usize = 59;
    /// What the insertion of a word of more than 26 bits fails with.
    const TOO_LARGE: Self::Error;

    /// What an allocation fails with.
    type Error;
    /// What leaves are made of.
    type Cell: Cell;
    /// A leaf that no reader has seen. If dropped, its memory is free at once.
    type Leaf;
    /// A branch that no reader has seen. If dropped, it and all below is free at once.
    type Branch;

    /// Allocates a leaf of `cells` cells, which are zero. Of `tag`, two bits are kept.
    fn leaf(&self, tag: u8, head: u32, cells: usize) -> Result<Self::Leaf, Self::Error>;

    /// Allocates a branch of `slots` slots, which are empty. Of `tag`, two bits are kept.
    fn branch(&self, tag: u8, head: u32, slots: usize) -> Result<Self::Branch, Self::Error>;

    /// The cells of a leaf.
    fn cells(leaf: &Self::Leaf) -> &[Self::Cell];

    /// Puts a node into an empty slot of a branch. If there is no such slot, drops the node.
    fn hang(branch: &mut Self::Branch, slot: usize, child: Fresh<Self>);
}

/// A node that no reader has seen.
pub enum Fresh<M: Memory> {
    Leaf(M::Leaf),
    Branch(M::Branch),
}

/// How nodes are published, read, and freed after their last reader.
pub trait Publication: Memory {
    /// The slot that a tree begins with. It is empty at first.
    type Root: Default;
    /// A pointer to a node, or none. Only found in branches.
    type Slot;
    /// Evidence of a read-side critical section: what is read lasts as long.
    type Guard;
    /// Evidence that nobody else changes a tree, such as a lock that is held.
    type Writer;
    /// A place in a tree that is being changed.
    type Cursor<'w>: Cursor<Self>
    where
        Self: 'w;

    /// The topmost node.
    fn root<'g>(root: &'g Self::Root, guard: &'g Self::Guard) -> Node<'g, Self>;

    /// The node that a slot points to.
    fn read<'g>(slot: &'g Self::Slot, guard: &'g Self::Guard) -> Node<'g, Self>;

    /// Begins a change, at the root.
    fn edit<'w>(root: &'w Self::Root, writer: &'w mut Self::Writer) -> Self::Cursor<'w>;
}

/// A slot of a tree, to which nobody else publishes. What is read by it lasts until it moves or
/// publishes.
pub trait Cursor<P: Publication> {
    /// The node here.
    fn node(&self) -> Node<'_, P>;

    /// The node in a slot of a branch, which this has found.
    fn peek<'a>(&'a self, slot: &'a P::Slot) -> Node<'a, P>;

    /// Goes to a slot of the branch here. If there is none, stays and returns false.
    fn descend(&mut self, slot: usize) -> bool;

    /// Replaces the node here, by one store that readers see with all that was written before.
    /// The old node and all below it are freed after the readers that may have found them.
    fn publish(&mut self, node: Option<Fresh<P>>);
}

/// What a slot points to.
pub enum Node<'a, P: Publication> {
    Empty,
    Leaf(Block<'a, P::Cell>),
    Branch(Block<'a, P::Slot>),
}

/// A node as it lies in memory.
pub struct Block<'a, T> {
    /// What goes with the pointer to it: two bits.
    pub tag: u8,
    /// What the trie has written there when the block was made.
    pub head: u32,
    pub body: &'a [T],
}

impl<T> Clone for Block<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Block<'_, T> {}
