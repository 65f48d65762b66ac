/// The transfers that a deadline is set for, earliest first. Setting, moving and removing cost O(log n).
///
/// Confined to the curl thread.
struct DeadlineHeap {
    private var entries: [(deadline: ContinuousClock.Instant, transfer: CurlTransfer)] = []

    var earliest: ContinuousClock.Instant? { entries.first?.deadline }

    /// Sets, moves or, with nil, removes the deadline of a transfer.
    mutating func set(_ deadline: ContinuousClock.Instant?, for transfer: CurlTransfer) {
        switch (transfer.heapIndex, deadline) {
        case (nil, nil): return
        case (nil, let deadline?):
            entries.append((deadline, transfer))
            transfer.heapIndex = entries.count - 1
            siftUp(entries.count - 1)
        case (let index?, let deadline?):
            entries[index].deadline = deadline
            siftUp(index)
            siftDown(transfer.heapIndex ?? index)
        case (let index?, nil):
            remove(at: index)
        }
    }

    /// Removes and returns the earliest transfer whose deadline has come.
    mutating func popDue(at now: ContinuousClock.Instant) -> CurlTransfer? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        remove(at: 0)
        return first.transfer
    }

    private mutating func remove(at index: Int) {
        let last = entries.count - 1
        swapEntries(index, last)
        entries.removeLast().transfer.heapIndex = nil
        guard index < entries.count else { return }
        let moved = entries[index].transfer
        siftUp(index)
        siftDown(moved.heapIndex ?? index)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0, entries[index].deadline < entries[(index - 1) / 2].deadline {
            swapEntries(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < entries.count }
            guard let least = children.min(by: { entries[$0].deadline < entries[$1].deadline }),
                entries[least].deadline < entries[index].deadline
            else { return }
            swapEntries(index, least)
            index = least
        }
    }

    private mutating func swapEntries(_ left: Int, _ right: Int) {
        entries.swapAt(left, right)
        entries[left].transfer.heapIndex = left
        entries[right].transfer.heapIndex = right
    }
}
