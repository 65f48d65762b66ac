import Dispatch

extension DispatchSemaphore {
    /// Waits until it is open and leaves it open: a write that is performed again passes.
    func pass() {
        wait()
        signal()
    }
}
