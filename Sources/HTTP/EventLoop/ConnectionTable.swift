/// The connections of a shard in numbered slots, which are used again under a new generation.
///
/// A token names a slot and a generation: an event or a message for a connection that is gone finds
/// nothing, also when another connection has its slot, and its descriptor, by now.
struct ConnectionTable<Element: AnyObject> {
    private var slots: [Element?] = []
    private var generations: [UInt32] = []
    private var freeSlots: [Int] = []

    private(set) var count = 0

    /// Every element, in no order; a copy, so that they may leave meanwhile.
    var elements: [Element] { slots.compactMap(\.self) }

    subscript(token token: UInt64) -> Element? {
        let slot = Int(token & 0xFFFF_FFFF)
        guard slot < slots.count, UInt64(generations[slot]) == token >> 32 else { return nil }
        return slots[slot]
    }

    /// Gives the element that `make` returns a slot of its own.
    mutating func insert(_ make: (Ticket) -> Element) -> Element {
        if freeSlots.isEmpty {
            freeSlots.append(slots.count)
            slots.append(nil)
            generations.append(0)
        }
        let slot = freeSlots.removeLast()
        let element = make(Ticket(slot: UInt32(slot), generation: generations[slot]))
        slots[slot] = element
        count += 1
        return element
    }

    /// Frees a slot that is taken.
    mutating func remove(_ ticket: Ticket) {
        let slot = Int(ticket.slot)
        slots[slot] = nil
        generations[slot] &+= 1
        freeSlots.append(slot)
        count -= 1
    }
}
